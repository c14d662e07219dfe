package io.shiftadd.registry.hub;

import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.job.ModelId;
import io.shiftadd.registry.model.ImportView;
import io.shiftadd.registry.model.ModelDeleted;
import io.shiftadd.registry.model.ModelIntake;
import io.shiftadd.registry.model.RemoteImport;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Runs imports, some at a time; those that a restart interrupted go on when the service is up again. They have threads
 * of their own, since they hash what they fetch.
 */
@Service
class HubImport implements RemoteImport {

    private static final Logger log = LoggerFactory.getLogger(HubImport.class);

    private final HubProperties properties;
    private final ImportRecords records;
    private final ModelIntake intake;
    private final DownloadDirectories directories;
    private final ExecutorService threads;
    private final Map<UUID, Run> active = new ConcurrentHashMap<>();

    HubImport(HubProperties properties, ImportRecords records, ModelIntake intake, DownloadDirectories directories) {
        this.properties = properties;
        this.records = records;
        this.intake = intake;
        this.directories = directories;
        this.threads = Executors.newFixedThreadPool(
                Math.max(1, properties.parallel()),
                Thread.ofPlatform().daemon().name("hub-import-", 0).factory());
    }

    /** An import at work; another run of it may begin before a cancelled one has ended. */
    private static final class Run {
        private final CompletableFuture<Future<?>> future = new CompletableFuture<>();

        void cancel() {
            future.thenAccept(running -> running.cancel(true));
        }
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }

    @Override
    public ImportView start(String name, String repository, String revision) {
        requireConfigured();
        ImportView begun = records.begin(name, repository, revision);
        run(begun);
        return begun;
    }

    private void requireConfigured() {
        if (!properties.isConfigured()) {
            throw ProblemException.invalid(
                    "repository",
                    "cannot be imported: no server is configured",
                    null,
                    "set shiftadd.hub.base-url or HF_ENDPOINT, or download the model and import its path");
        }
    }

    /** Ends a running import; what has come so far is kept for {@link #resume(UUID)}. */
    void cancel(UUID id) {
        if (!records.cancel(id)) {
            throw new ProblemException(
                    ProblemType.ILLEGAL_TRANSITION,
                    "Import " + id + " has ended; only a running one can be cancelled.");
        }
        Run run = active.remove(id);
        if (run != null) {
            run.cancel();
        }
    }

    /** Goes on with an import that failed or was cancelled. */
    void resume(UUID id) {
        requireConfigured();
        try {
            if (!records.resume(id)) {
                throw new ProblemException(
                        ProblemType.ILLEGAL_TRANSITION,
                        "Import " + id
                                + " is running or has succeeded; only one that failed or was cancelled goes on.");
            }
        } catch (DuplicateKeyException e) {
            throw new ProblemException(
                    ProblemType.CONFLICT, "The same revision is being imported already: GET /api/v1/imports lists it.");
        }
        records.find(id).ifPresent(this::run);
    }

    /** Forgets an import that has ended, and what it has left if that became no model. */
    void delete(UUID id) {
        if (records.find(id).filter(known -> known.state().equals("RUNNING")).isPresent()) {
            throw new ProblemException(
                    ProblemType.ILLEGAL_TRANSITION, "Import " + id + " is running. Cancel it, then delete it.");
        }
        records.directory(id).ifPresent(directories::removeUnlessModel);
        records.delete(id);
    }

    @EventListener(ApplicationReadyEvent.class)
    void resume() {
        if (properties.isConfigured()) {
            records.running().forEach(this::run);
        }
    }

    /** What was downloaded for a model goes with it. */
    @TransactionalEventListener
    void removeFiles(ModelDeleted deleted) {
        Path directory = Path.of(deleted.location());
        if (records.isDownloaded(directory)) {
            directories.removeUnlessModel(directory);
        }
    }

    private void run(ImportView job) {
        Run run = new Run();
        if (active.putIfAbsent(job.id(), run) == null) {
            run.future.complete(threads.submit(() -> {
                try {
                    execute(job);
                } finally {
                    active.remove(job.id(), run);
                }
            }));
        }
    }

    private void execute(ImportView job) {
        try (@Nullable HubClient client = properties.offline() ? null : new HubClient(properties)) {
            ModelId model = bring(job, client);
            records.succeed(job.id(), model);
            log.info("Imported {} at {} as model {}", job.repository(), job.revision(), job.name());
        } catch (IOException | RuntimeException e) {
            // the mark of a cancellation would keep the database from being asked
            boolean cancelled = Thread.interrupted();
            if (!cancelled) {
                log.warn("Import of {} at {} failed", job.repository(), job.revision(), e);
                removeWhatCannotGoOn(job, e);
                records.fail(job.id(), String.valueOf(e.getMessage()));
            }
        } catch (InterruptedException e) {
            log.info("Import of {} at {} was interrupted", job.repository(), job.revision());
        }
    }

    /** What another attempt would not mend leaves nothing behind. */
    private void removeWhatCannotGoOn(ImportView job, Exception e) {
        if (e instanceof HubException || e instanceof ProblemException) {
            records.directory(job.id()).ifPresent(directories::removeUnlessModel);
        }
    }

    private ModelId bring(ImportView job, @Nullable HubClient client) throws IOException, InterruptedException {
        HubRepository repository = HubRepository.of(job.repository(), job.revision());
        HubCache cache = new HubCache(properties.cache());
        HubListing listing = listing(repository, cache, client);
        HubSelection selection = HubSelection.of(listing, repository);
        Path directory = directories.of(repository, listing.commit(), selection.variant());
        intake.requireFree(job.name(), directory);
        records.place(job.id(), listing.commit(), directory);
        try (DownloadDirectories.Hold _ = directories.hold(directory)) {
            HubModel model = new HubModel(
                    properties,
                    client,
                    repository,
                    listing,
                    selection,
                    directory,
                    new ImportProgress(job.id(), records));
            List<HubFile> files = model.bring(intake);
            ModelId registered = intake.register(job.name(), directory);
            if (properties.writeCache() && properties.cache() != null) {
                cache.add(repository, listing.commit(), files, directory);
            }
            return registered;
        }
    }

    private HubListing listing(HubRepository repository, HubCache cache, @Nullable HubClient client)
            throws IOException, InterruptedException {
        if (client != null) {
            URI base = Objects.requireNonNull(properties.baseUrl());
            return HubListing.read(client, base, repository, properties.patience());
        }
        return cache.listing(repository)
                .orElseThrow(() -> new HubException(repository.name() + " at " + repository.revision() + " is not in "
                        + properties.cache() + ", and HF_HUB_OFFLINE is set. Unset it to download the model"));
    }
}
