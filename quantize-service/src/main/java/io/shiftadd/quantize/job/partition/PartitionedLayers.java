package io.shiftadd.quantize.job.partition;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.quantize.artifact.DurableFiles;
import io.shiftadd.quantize.artifact.Sha256;
import io.shiftadd.quantize.job.lease.JobStoppedException;
import io.shiftadd.quantize.job.lease.JobStoppedException.Reason;
import io.shiftadd.quantize.job.run.JobRefusedException;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.Outcome;
import io.shiftadd.quantize.job.run.PartitionFailedException;
import io.shiftadd.quantize.job.run.Slots;
import io.shiftadd.quantize.job.run.WorkerSettings;
import io.shiftadd.quantize.job.step.LayerSharing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * Within a block that one worker holds: hands the layers that share their inputs out as partitions, to the workers of
 * all processes, and waits for them. What they make is kept until the block is finished; who takes a block over does
 * all of it again.
 */
public final class PartitionedLayers implements LayerSharing, StepExecutionListener {

    private final JobRun run;
    private final JobRepository repository;
    private final PartitionChannel channel;
    private final Slots slots;
    private final WorkerSettings.Jobs settings;
    private final PartitionWatch watch;
    private final Map<String, String> workers = new HashMap<>();
    private final List<Checkpoint> open = new ArrayList<>();
    private @Nullable StepExecution holder;
    private @Nullable Path directory;

    PartitionedLayers(
            JobRun run,
            JobRepository repository,
            PartitionChannel channel,
            Slots slots,
            WorkerSettings.Jobs settings,
            PartitionWatch watch) {
        this.run = run;
        this.repository = repository;
        this.channel = channel;
        this.slots = slots;
        this.settings = settings;
        this.watch = watch;
    }

    @Override
    public void beforeStep(StepExecution step) {
        holder = step;
    }

    @Override
    public List<Checkpoint> fit(int block, int stage, List<String> layers, Consumer<Path> problem) {
        StepExecution step = Objects.requireNonNull(holder, "beforeStep");
        Path place = run.workspace().partition(step.getId(), block);
        directory = place;
        Path file = place.resolve("stage-" + stage + ".safetensors");
        try {
            Files.createDirectories(place);
            problem.accept(file);
            List<StepExecution> rows = outsideTheChunk(() -> {
                List<Long> handedOut = new ArrayList<>();
                for (int i = 0; i < layers.size(); i++) {
                    handedOut.add(handOut(step, block, stage, i, layers.get(i), file));
                }
                return await(handedOut);
            });
            return collect(rows, layers, place);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** In a thread of its own: within the transaction that surrounds a chunk Spring Batch refuses to create a step. */
    private <T> T outsideTheChunk(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Map<String, String> context = MDC.getCopyOfContextMap();
        Thread.ofPlatform().name("layer-partitions").daemon().start(() -> {
            MDC.setContextMap(context == null ? Map.of() : context);
            task.run();
        });
        try {
            return task.get();
        } catch (InterruptedException interrupted) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new JobStoppedException(run.job().id(), Reason.SHUTDOWN);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failure.getCause());
        }
    }

    private long handOut(StepExecution step, int block, int stage, int index, String layer, Path file) {
        String relative = run.workspace().directory().relativize(file).toString();
        Partition partition =
                new Partition(run.job().id(), block, run.lease().version(), new Partition.Layer(layer, relative));
        // Of this execution alone: Spring Batch's memory of an earlier one must not be in the way.
        String name = String.format(
                Locale.ROOT,
                "%s:%04d.%d.%02d@%d.%d",
                Partition.STEP,
                block,
                stage,
                index,
                run.lease().version(),
                step.getId());
        StepExecution execution = repository.createStepExecution(name, step.getJobExecution());
        execution.setExecutionContext(partition.context());
        repository.updateExecutionContext(execution);
        channel.send(execution.getId());
        return execution.getId();
    }

    /** @return all of them COMPLETED */
    private List<StepExecution> await(List<Long> ids) {
        slots.release();
        List<StepExecution> rows = List.of();
        try {
            while (!haveEnded(rows)) {
                pause();
                rows = watch.visit(() -> ids.stream()
                        .map(id -> Objects.requireNonNull(repository.getStepExecution(id), "a partition's row"))
                        .toList());
            }
        } finally {
            slots.acquire();
        }
        run.check();
        Outcome verdict = watch.verdict() == null ? Partition.worst(rows) : watch.verdict();
        if (verdict != null) {
            throw new PartitionFailedException(verdict);
        }
        return rows;
    }

    private boolean haveEnded(List<StepExecution> rows) {
        boolean failed = rows.stream().anyMatch(row -> row.getStatus() == BatchStatus.FAILED);
        return !rows.isEmpty()
                && rows.stream()
                        .allMatch(row -> row.getStatus() == BatchStatus.COMPLETED
                                || ((failed || watch.isEnding())
                                        && !row.getStatus().isRunning()));
    }

    private void pause() {
        try {
            Thread.sleep(settings.tick());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new JobStoppedException(run.job().id(), Reason.SHUTDOWN);
        }
    }

    private List<Checkpoint> collect(List<StepExecution> rows, List<String> layers, Path place) throws IOException {
        List<Checkpoint> fitted = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            Partition.Fitted of = Partition.fittedOf(rows.get(i));
            Path file = place.resolve(of.file());
            if (!Sha256.of(file, run::check).equals(of.sha256())) {
                throw new JobRefusedException(
                        "layer " + layers.get(i) + ", fitted by worker " + of.worker() + ", arrived damaged in " + file,
                        "Check the disk or network file system under the data directory, then retry the job.");
            }
            Checkpoint checkpoint = Checkpoint.open(file);
            open.add(checkpoint);
            fitted.add(checkpoint);
            workers.put(layers.get(i), of.worker());
        }
        return fitted;
    }

    @Override
    public Map<String, String> workers() {
        return Map.copyOf(workers);
    }

    @Override
    public void discard() throws IOException {
        open.forEach(Checkpoint::close);
        open.clear();
        workers.clear();
        if (directory != null) {
            DurableFiles.deleteTree(directory);
            directory = null;
        }
    }
}
