package io.shiftadd.inference.loading;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.shiftadd.inference.generation.ComputeTurns;
import io.shiftadd.inference.generation.EngineObserver;
import io.shiftadd.inference.prefix.PrefixDisk;
import io.shiftadd.kernel.species.KernelSpecies;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the engines do, as Prometheus metrics with the tag {@code model}. A model that is loaded again goes on counting.
 */
final class EngineMetrics {

    private final MeterRegistry meters;
    private final Map<String, ModelMeters> byModel = new ConcurrentHashMap<>();

    EngineMetrics(MeterRegistry meters, ComputeTurns turns) {
        this.meters = meters;
        Gauge.builder("shiftadd.kernel", () -> 1)
                .description("The kernels in use; the value is always 1")
                .tag("species", KernelSpecies.active().label())
                .register(meters);
        Gauge.builder("shiftadd.kernel.threads", turns::threads)
                .description("Threads of a forward pass")
                .register(meters);
    }

    /** What is on disk, of all models. */
    static void observe(PrefixDisk disk, MeterRegistry meters) {
        Gauge.builder("shiftadd.prefix.disk", disk, PrefixDisk::bytes)
                .baseUnit("bytes")
                .description("Beginnings of prompts on disk")
                .register(meters);
        FunctionCounter.builder("shiftadd.prefix.disk.written.pages", disk, PrefixDisk::written)
                .description("Pages of 64 tokens written to disk")
                .register(meters);
        FunctionCounter.builder("shiftadd.prefix.disk.damaged.pages", disk, PrefixDisk::damaged)
                .description("Pages on disk that were damaged, and removed")
                .register(meters);
    }

    EngineObserver observe(String model) {
        return byModel.computeIfAbsent(model, name -> new ModelMeters(meters, name));
    }

    private static final class ModelMeters implements EngineObserver {

        private final Counter promptTokens;
        private final Counter cachedTokens;
        private final Counter restoredTokens;
        private final Counter generatedTokens;
        private final Counter guessedTokens;
        private final Counter rightTokens;
        private final Timer firstToken;
        private final Timer step;
        private final DistributionSummary batch;
        private final DistributionSummary batchTokens;
        private volatile int waiting;
        private volatile int running;
        private volatile long cacheBytes;
        private volatile long prefixBytes;

        private ModelMeters(MeterRegistry meters, String model) {
            Tags tags = Tags.of("model", model);
            promptTokens = Counter.builder("shiftadd.prompt.tokens")
                    .description("Tokens of prompts that were computed or taken from the prefix cache")
                    .tags(tags)
                    .register(meters);
            cachedTokens = Counter.builder("shiftadd.prompt.tokens.cached")
                    .description("Tokens of prompts that were taken from the prefix cache")
                    .tags(tags)
                    .register(meters);
            restoredTokens = Counter.builder("shiftadd.prefix.disk.restored.tokens")
                    .description("Tokens of prompts whose keys and values were read from disk")
                    .tags(tags)
                    .register(meters);
            generatedTokens = Counter.builder("shiftadd.generated.tokens")
                    .description("Tokens generated; its rate is the throughput")
                    .tags(tags)
                    .register(meters);
            guessedTokens = Counter.builder("shiftadd.guessed.tokens")
                    .description("Tokens guessed ahead from what stood before, and verified together")
                    .tags(tags)
                    .register(meters);
            rightTokens = Counter.builder("shiftadd.guessed.tokens.right")
                    .description("Guessed tokens that were what the model chose")
                    .tags(tags)
                    .register(meters);
            firstToken = Timer.builder("shiftadd.time.to.first.token")
                    .description("From queuing a prompt to its first token")
                    .publishPercentileHistogram()
                    .tags(tags)
                    .register(meters);
            step = Timer.builder("shiftadd.step")
                    .description("Duration of a forward pass, sampling included")
                    .publishPercentileHistogram()
                    .tags(tags)
                    .register(meters);
            batch = DistributionSummary.builder("shiftadd.batch.sequences")
                    .description("Sequences of a forward pass")
                    .tags(tags)
                    .register(meters);
            batchTokens = DistributionSummary.builder("shiftadd.batch.tokens")
                    .description("Tokens of a forward pass")
                    .tags(tags)
                    .register(meters);
            gauges(meters, tags);
        }

        private void gauges(MeterRegistry meters, Tags tags) {
            Gauge.builder("shiftadd.queue.prompts", () -> waiting)
                    .description("Prompts that wait for a place")
                    .tags(tags)
                    .register(meters);
            Gauge.builder("shiftadd.running.sequences", () -> running)
                    .description("Choices being generated")
                    .tags(tags)
                    .register(meters);
            Gauge.builder("shiftadd.kv.cache", () -> cacheBytes)
                    .baseUnit("bytes")
                    .description("KV cache reserved by running choices")
                    .tags(tags)
                    .register(meters);
            Gauge.builder("shiftadd.prefix.cache", () -> prefixBytes)
                    .baseUnit("bytes")
                    .description("KV cache kept for prompts with the same beginning")
                    .tags(tags)
                    .register(meters);
        }

        @Override
        public void waiting(int prompts) {
            waiting = prompts;
        }

        @Override
        public void running(int sequences, long reservedBytes, long keptBytes) {
            running = sequences;
            cacheBytes = reservedBytes;
            prefixBytes = keptBytes;
        }

        @Override
        public void step(int sequences, int tokens, long nanos) {
            step.record(Duration.ofNanos(nanos));
            batch.record(sequences);
            batchTokens.record(tokens);
        }

        @Override
        public void firstToken(int prompt, int cached, Duration sinceSubmitted) {
            promptTokens.increment(prompt);
            cachedTokens.increment(cached);
            firstToken.record(sinceSubmitted);
        }

        @Override
        public void restored(int tokens) {
            restoredTokens.increment(tokens);
        }

        @Override
        public void guessed(int tokens, int right) {
            guessedTokens.increment(tokens);
            rightTokens.increment(right);
        }

        @Override
        public void token() {
            generatedTokens.increment();
        }
    }
}
