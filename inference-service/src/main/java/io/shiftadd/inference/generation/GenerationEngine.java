package io.shiftadd.inference.generation;

import io.shiftadd.format.FormatException;
import io.shiftadd.inference.generation.LogitsReader.Reading;
import io.shiftadd.inference.generation.Scheduler.Step;
import io.shiftadd.inference.generation.Sequence.Writing;
import io.shiftadd.inference.generation.sampling.Sampler;
import io.shiftadd.kernel.KernelContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one model for everybody: a thread that puts one token of every running choice and a part of every new prompt
 * into each forward pass. Choices join and leave between any two passes. Results of a choice do not depend on what runs
 * beside it.
 */
public final class GenerationEngine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GenerationEngine.class);

    /** Looks after paused and closed streams even if a wake-up was lost between two looks. */
    private static final Duration IDLE = Duration.ofMillis(200);

    private final EngineModel model;
    private final EngineSettings settings;
    private final ComputeTurns turns;
    private final EngineObserver observer;
    private final WaitingLine line;
    private final Scheduler scheduler;
    private final ForwardPass pass;
    private final LogitsReader reader;
    private final ChoiceWriter writer;
    private final Thread thread;
    private final CacheMemory memory;
    private final CacheMemory.Account account;
    private volatile @Nullable String ending;
    private volatile boolean unloaded;
    private long lastLeftNanos = System.nanoTime();

    /** @param memory for keys and values, which all engines share */
    public GenerationEngine(
            EngineModel model,
            EngineSettings settings,
            CacheMemory memory,
            ComputeTurns turns,
            EngineObserver observer) {
        this.model = model;
        this.settings = settings;
        this.turns = turns;
        this.observer = observer;
        this.line = new WaitingLine(settings.maxWaiting());
        this.memory = memory;
        this.account = memory.open(this::wake);
        this.scheduler = new Scheduler(model, settings, account, line, observer, this::wake);
        this.pass = new ForwardPass(model, settings.maxStepTokens());
        this.reader = new LogitsReader(model, turns.threads());
        this.writer = new ChoiceWriter(observer);
        this.thread = Thread.ofPlatform().name("engine-" + model.name()).unstarted(this::run);
        thread.start();
    }

    /**
     * Queues prompts whose choices are numbered through, in the order given.
     *
     * @throws QueueFullException when too many wait already
     * @throws CacheTooSmallException when one of them could never get enough memory
     * @throws EngineStoppedException when the engine has ended
     */
    public GenerationStream generate(List<GenerationRequest> requests) {
        return submit(requests);
    }

    /** Queues texts to embed, as {@link #generate} does prompts; the n-th is choice n of the stream. */
    public GenerationStream embed(List<EmbeddingRequest> requests) {
        return submit(requests);
    }

    private GenerationStream submit(List<? extends PromptTask> tasks) {
        GenerationStream stream = new GenerationStream(settings.streamCapacity(), this::wake);
        List<Work> works = new ArrayList<>();
        int choice = 0;
        for (PromptTask task : tasks) {
            if (scheduler.bytesFor(task) > memory.bytes()) {
                throw new CacheTooSmallException(task.cacheTokens(), memory.bytes() / model.cacheBytesPerToken());
            }
            works.add(new Work(task, stream, choice, model.tokenizer()));
            choice += task.choices();
        }
        line.add(works);
        observer.waiting(line.size());
        wake();
        return stream;
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    /** Why it takes no more prompts; null while it does. */
    public @Nullable String ending() {
        return ending == null && !thread.isAlive() ? "the engine of model '" + model.name() + "' failed" : ending;
    }

    /** Has the engine end soon; whatever still runs, or comes, is told why. */
    public void stop(String reason) {
        ending = reason;
        wake();
    }

    /** Ends the engine; whatever still runs fails. */
    @Override
    public void close() {
        if (ending == null) {
            unloaded = true;
            ending = "model '" + model.name() + "' is being unloaded";
        }
        wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        String reason = "the engine of model '" + model.name() + "' failed; see the service's log";
        try {
            while (ending == null) {
                turn();
            }
            reason = ending;
            if (unloaded) {
                scheduler.putPrefixesAside();
            }
        } catch (FormatException | InternalError e) {
            // The latter is how the JVM tells that a page of a mapped file is no more.
            LOG.error("Model {} cannot be read any more", model.name(), e);
            reason = "model '" + model.name() + "' ended: its files cannot be read any more, as when they are cut short"
                    + " while they are served. Restore them; the model is then loaded again";
        } finally {
            ending = reason;
            account.close();
            failAll(new EngineStoppedException(String.valueOf(reason)));
        }
    }

    private void turn() {
        try {
            scheduler.giveBackIfAsked();
            dropClosedAndStalled();
            startWaiting();
            Step step = scheduler.plan();
            if (step.total() > 0) {
                forward(step);
            } else {
                LockSupport.parkNanos(this, IDLE.toNanos());
            }
        } catch (OutOfMemoryError e) {
            // Where it is not known whose: what was computed may be incomplete, for all that run.
            LOG.error("The heap is full; what model {} was computing ends", model.name(), e);
            scheduler.forgetPrefixes();
            MemoryExhaustedException cause = new MemoryExhaustedException(e);
            List.copyOf(scheduler.running()).forEach(sequence -> fail(sequence, cause));
        }
    }

    private void dropClosedAndStalled() {
        line.removeClosed();
        for (Sequence sequence : List.copyOf(scheduler.running())) {
            if (sequence.work.stream.closed()) {
                scheduler.remove(sequence, true);
            } else if (sequence.work.stream.stalledFor(settings.readerTimeout())) {
                line.removeAll(sequence.work.stream);
                fail(sequence, new ReaderStalledException(settings.readerTimeout()));
            }
        }
        observe();
    }

    private void startWaiting() {
        for (Sequence sequence = scheduler.admit(); sequence != null; sequence = scheduler.admit()) {
            noteLeft();
            if (sequence.work.task instanceof GenerationRequest request) {
                start(sequence, request);
            } else {
                sequence.hiddenSum = new double[model.hiddenSize()];
            }
        }
    }

    private void noteLeft() {
        long now = System.nanoTime();
        line.observeLeft((now - lastLeftNanos) / 1e9);
        lastLeftNanos = now;
    }

    private void start(Sequence sequence, GenerationRequest request) {
        sequence.writing = writing(sequence, request);
        sequence.speculator = scheduler.speculator(sequence);
        Work.PromptResult prompt = sequence.work.result;
        if (prompt != null) {
            sequence.promptScores.addAll(prompt.scores());
            Reading first = reader.read(sequence, sequence.promptLength() - 1, prompt.logits(), 0, 0);
            taking(sequence, first.failure(), () -> finishIfDone(sequence, writer.begin(sequence, first)));
        } else if (request.maxTokens() == 0 && !request.scorePrompt()) {
            finishIfDone(sequence, writer.endEmpty(sequence));
        }
    }

    private Writing writing(Sequence sequence, GenerationRequest request) {
        int number = sequence.choice - sequence.work.firstChoice;
        return new Writing(
                request,
                new Sampler(request.sampling(), request.seed() + number, request.prompt()),
                new ChoiceText(model.tokenizer(), sequence.work.decoder.copy(), request.stops(), request.written()),
                request.constraint() == null ? null : request.constraint().get());
    }

    private void forward(Step step) {
        long start = System.nanoTime();
        turns.run(context -> compute(step, context));
        long nanos = System.nanoTime() - start;
        scheduler.passed(step, nanos, observer);
    }

    /** A pass that throws is made again with a half at a time, until those that make it throw are alone. */
    private void compute(Step step, KernelContext context) {
        try {
            pass.run(step, context);
        } catch (FormatException e) {
            // A model whose files have changed under it has no more to say to anybody.
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            if (e instanceof OutOfMemoryError) {
                scheduler.forgetPrefixes();
            }
            if (step.sequences().size() > 1) {
                LOG.warn(
                        "A forward pass of model {} with {} sequences failed",
                        model.name(),
                        step.sequences().size());
                step.halves().forEach(half -> compute(half, context));
            } else {
                LOG.error("A forward pass of model {} with {} tokens failed", model.name(), step.total(), e);
                fail(step.sequences().getFirst(), MemoryExhaustedException.told(e));
            }
            return;
        }
        try {
            read(step, context);
        } catch (RuntimeException e) {
            LOG.error("What a forward pass of model {} gave cannot be read", model.name(), e);
            step.sequences().forEach(sequence -> fail(sequence, e));
        }
    }

    private void read(Step step, KernelContext context) {
        pass.addHidden(step, context);
        for (Sequence sequence : step.sequences()) {
            double[] sum = sequence.hiddenSum;
            if (sum != null && sequence.pending() == 0) {
                taking(sequence, null, () -> finishIfDone(sequence, writer.embed(sequence, model.name(), sum)));
            }
        }
        pass.eachLogits(step, context, reader, this::take);
    }

    private void take(Sequence sequence, int position, float[] logits, int offset, Reading reading) {
        // The same pass may have told that it cannot go on.
        if (!scheduler.running().contains(sequence)) {
            return;
        }
        taking(sequence, reading.failure(), () -> {
            if (position + 1 < sequence.promptLength()) {
                sequence.promptScores.add(Objects.requireNonNull(reading.score()));
            } else {
                keepForOtherChoices(sequence, logits, offset);
                finishIfDone(sequence, writer.next(sequence, reading));
            }
        });
    }

    /** What goes wrong with one choice is not the others' business. */
    private void taking(Sequence sequence, @Nullable RuntimeException failure, Runnable action) {
        try {
            if (failure != null) {
                throw failure;
            }
            action.run();
        } catch (RuntimeException e) {
            LOG.error("A choice of model {} failed", model.name(), e);
            fail(sequence, e);
        }
    }

    private void keepForOtherChoices(Sequence sequence, float[] logits, int offset) {
        Work work = sequence.work;
        if (work.result == null && !work.allStarted()) {
            int length = sequence.promptLength();
            float[] row = Arrays.copyOfRange(logits, offset, offset + model.vocabularySize());
            work.result = new Work.PromptResult(
                    sequence.cache().fork(length, length), row, List.copyOf(sequence.promptScores));
        }
    }

    private void finishIfDone(Sequence sequence, boolean done) {
        if (done) {
            scheduler.remove(sequence, true);
        }
    }

    private void fail(Sequence sequence, RuntimeException cause) {
        if (scheduler.remove(sequence, false)) {
            line.remove(sequence.work);
            sequence.work.stream.publish(new GenerationEvent.Failed(sequence.choice, cause));
        }
    }

    private void failAll(EngineStoppedException cause) {
        for (Work work : line.close()) {
            work.stream.publish(new GenerationEvent.Failed(work.firstChoice + work.started, cause));
        }
        for (Sequence sequence : List.copyOf(scheduler.running())) {
            fail(sequence, cause);
        }
        observe();
    }

    private void observe() {
        observer.waiting(line.size());
        observer.running(
                scheduler.running().size(),
                scheduler.reservedBytes(),
                scheduler.prefixes().bytes());
    }
}
