package io.shiftadd.registry.hub;

import io.shiftadd.registry.model.ImportView;
import io.shiftadd.registry.model.ModelIntake;
import io.shiftadd.registry.model.RemoteImport;
import io.shiftadd.registry.problem.ProblemException;
import io.shiftadd.registry.problem.ProblemType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/** Runs imports, each on a thread of its own; those that a restart interrupted go on when the service is up again. */
@Service
class HubImport implements RemoteImport {

    private static final Logger log = LoggerFactory.getLogger(HubImport.class);

    private final HubProperties properties;
    private final ImportRecords records;
    private final ModelIntake intake;
    private final Set<UUID> active = ConcurrentHashMap.newKeySet();

    HubImport(HubProperties properties, ImportRecords records, ModelIntake intake) {
        this.properties = properties;
        this.records = records;
        this.intake = intake;
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
            UUID model = register(job, directory);
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
        HubSource server = HubSource.of(properties);
        HubRepository named = new HubRepository(server.base(), job.repository(), job.revision());
        HubRepository repository = properties.patience().at(() -> pinned(server, named));
        Path directory = properties
                .directory()
                .toAbsolutePath()
                .normalize()
                // neither part of a repository's name can have this sign, so that no two share a directory
                .resolve(job.repository().replace('/', '@'))
                .resolve(repository.revision());
        Files.createDirectories(directory);
        new HubModel(properties, server, repository, directory, new ImportProgress(job.id(), records)).download();
        return directory;
    }

    /** A branch may move while its files come; the commit that it stands for now does not. */
    private static HubRepository pinned(HubSource server, HubRepository named) throws IOException {
        try (HubAnswer answer = server.open("HEAD", named.uri(HubRepository.CONFIG), null)) {
            String commit = answer.fullCommit();
            return commit == null ? named : new HubRepository(server.base(), named.repository(), commit);
        }
    }

    private UUID register(ImportView job, Path directory) {
        try {
            return intake.register(job.name(), directory);
        } catch (ProblemException e) {
            throw e.type() == ProblemType.UNREADABLE_MODEL
                    ? new ProblemException(
                            e.type(),
                            e.getMessage() + ". What was downloaded is kept in " + directory
                                    + "; remove that directory to download it anew")
                    : e;
        }
    }
}
