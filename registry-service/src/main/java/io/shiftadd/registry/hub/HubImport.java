package io.shiftadd.registry.hub;

import io.shiftadd.registry.model.ImportView;
import io.shiftadd.registry.model.ModelIntake;
import io.shiftadd.registry.model.RemoteImport;
import io.shiftadd.registry.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Runs imports, each on a thread of its own; those that a restart interrupted go on when the service is up again. */
@Service
class HubImport implements RemoteImport {

    private static final Logger log = LoggerFactory.getLogger(HubImport.class);

    private final HubProperties properties;
    private final ImportRecords records;
    private final ModelIntake intake;
    private final JsonMapper json;
    private final Set<UUID> active = ConcurrentHashMap.newKeySet();

    HubImport(HubProperties properties, ImportRecords records, ModelIntake intake, JsonMapper json) {
        this.properties = properties;
        this.records = records;
        this.intake = intake;
        this.json = json;
    }

    @Override
    public ImportView start(String name, String repository, String revision) {
        if (!properties.isConfigured()) {
            throw ProblemException.invalid(
                    "repository",
                    "cannot be imported: no server is configured",
                    null,
                    "set shiftadd.hub.base-url, or download the model and import its path");
        }
        ImportView begun = records.begin(name, repository, revision);
        run(begun);
        return begun;
    }

    @EventListener(ApplicationReadyEvent.class)
    void resume() {
        if (properties.isConfigured()) {
            records.running().forEach(this::run);
        }
    }

    private void run(ImportView job) {
        if (active.add(job.id())) {
            Thread.ofVirtual().name("hub-import-" + job.id()).start(() -> execute(job));
        }
    }

    private void execute(ImportView job) {
        try {
            Path directory = download(job);
            UUID model = intake.register(job.name(), directory);
            records.succeed(job.id(), model);
            log.info("Imported {} at {} as model {}", job.repository(), job.revision(), job.name());
        } catch (IOException | RuntimeException e) {
            log.warn("Import of {} at {} failed", job.repository(), job.revision(), e);
            records.fail(job.id(), String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            active.remove(job.id());
        }
    }

    private Path download(ImportView job) throws IOException, InterruptedException {
        HubRepository repository =
                new HubRepository(Objects.requireNonNull(properties.baseUrl()), job.repository(), job.revision());
        Path directory = properties
                .directory()
                .toAbsolutePath()
                .normalize()
                .resolve(job.repository().replace("/", "--"))
                .resolve(job.revision());
        Files.createDirectories(directory);
        ImportProgress progress = new ImportProgress(job.id(), records);
        require(repository, HubRepository.CONFIG, directory, progress);
        for (String file : HubRepository.OPTIONAL) {
            fetch(repository, file, directory, progress);
        }
        Set<String> weights = new TreeSet<>();
        if (fetch(repository, HubRepository.INDEX, directory, progress)) {
            weights.addAll(HubRepository.shards(directory.resolve(HubRepository.INDEX), json));
        } else {
            weights.add(HubRepository.WEIGHTS);
        }
        for (String file : weights) {
            require(repository, file, directory, progress);
        }
        return directory;
    }

    private void require(HubRepository repository, String file, Path directory, ImportProgress progress)
            throws IOException, InterruptedException {
        if (!fetch(repository, file, directory, progress)) {
            throw new HubException("There is no " + repository.uri(file)
                    + ". Check repository and revision; only models with safetensors weights can be imported");
        }
    }

    private boolean fetch(HubRepository repository, String file, Path directory, ImportProgress progress)
            throws IOException, InterruptedException {
        Path target = directory.resolve(file);
        progress.enter(file);
        if (Files.exists(target)) {
            progress.begun(Files.size(target), Files.size(target));
            return true;
        }
        HubDownload download = new HubDownload(repository.uri(file), target, properties.timeout());
        for (int attempt = 1; ; attempt++) {
            try {
                return download.fetch(progress);
            } catch (HubException e) {
                throw e;
            } catch (IOException e) {
                if (attempt >= properties.attempts()) {
                    throw new IOException(
                            e.getMessage() + " (attempt " + attempt + "). Import it again to go on from there", e);
                }
                log.info("Download of {} is tried again: {}", download.source(), e.getMessage());
                Thread.sleep(properties.pause());
            }
        }
    }
}
