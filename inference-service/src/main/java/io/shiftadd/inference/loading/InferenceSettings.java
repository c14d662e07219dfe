package io.shiftadd.inference.loading;

import io.shiftadd.inference.generation.Speculation;
import io.shiftadd.model.cache.KvCache;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What may be configured under {@code shiftadd.inference}.
 *
 * @param memoryBytes that the files of all loaded models may have together; 0 = half of the machine's memory
 * @param pinned names of models to load at start-up and never unload
 * @param threads of a forward pass; 0 = as many as there are processors
 * @param maxSequences choices of one model in a forward pass
 * @param maxWaiting prompts that may wait for one model
 * @param cacheBytes KV caches of all models together, prefixes kept for reuse included; 0 = 40 % of the heap
 * @param requestBytes memory of all requests under way: bodies, what is made of them, unread answers; 0 = 25 % of
 *     the heap
 * @param cachePrecision of keys and values
 * @param prefixDisk bytes that beginnings of prompts may have on disk; 0 = none is kept there
 * @param maxStepTokens of one forward pass
 * @param streamCapacity events that a slow reader may leave unread before its choices pause
 * @param speculation when tokens are guessed from what stood before, and verified several at a time
 * @param readerTimeout after which a paused reader that reads nothing loses its place
 * @param idleUnload after which a model that nobody uses is unloaded; zero = never, only for others' sake
 * @param warmUp longest that a model runs before it answers, for the compiler to see it; zero = not at all
 */
@ConfigurationProperties("shiftadd.inference")
public record InferenceSettings(
        @DefaultValue("0") DataSize memoryBytes,
        @DefaultValue Set<String> pinned,
        @DefaultValue("0") int threads,
        @DefaultValue("64") int maxSequences,
        @DefaultValue("256") int maxWaiting,
        @DefaultValue("0") DataSize cacheBytes,
        @DefaultValue("0") DataSize requestBytes,
        @DefaultValue("float32") KvCache.Precision cachePrecision,
        @DefaultValue("1GB") DataSize prefixDisk,
        @DefaultValue("512") int maxStepTokens,
        @DefaultValue("256") int streamCapacity,
        @DefaultValue("auto") Speculation speculation,
        @DefaultValue("30s") Duration readerTimeout,
        @DefaultValue("0s") Duration idleUnload,
        @DefaultValue("4s") Duration warmUp) {}
