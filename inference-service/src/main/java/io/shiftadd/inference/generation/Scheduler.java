package io.shiftadd.inference.generation;

import io.shiftadd.model.KvCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides who runs: which waiting prompts get a place and memory, where a prompt's beginning is taken from, and how many
 * tokens of each sequence the next forward pass takes. Belongs to the engine's thread.
 */
final class Scheduler {

    /** Positions that a cache takes memory for at a time. */
    private static final int PAGE = 64;

    private final EngineModel model;
    private final EngineSettings settings;
    private final WaitingLine line;
    private final PrefixCache prefixes = new PrefixCache();
    private final StepBudget budget;
    private final List<Sequence> running = new ArrayList<>();
    private long reservedBytes;
    private int turn;

    /** @param tokens of each sequence, in the order of the list */
    record Step(List<Sequence> sequences, int[] tokens, int total) {}

    Scheduler(EngineModel model, EngineSettings settings, WaitingLine line) {
        this.model = model;
        this.settings = settings;
        this.line = line;
        this.budget = new StepBudget(settings.maxStepTokens());
    }

    List<Sequence> running() {
        return running;
    }

    PrefixCache prefixes() {
        return prefixes;
    }

    long reservedBytes() {
        return reservedBytes;
    }

    StepBudget budget() {
        return budget;
    }

    long bytesFor(PromptTask task) {
        return Math.ceilDiv(task.cacheTokens(), PAGE) * PAGE * model.cacheBytesPerToken();
    }

    /** The next waiting choice that has a place, memory and its prompt ready; null when there is none. */
    @Nullable
    Sequence admit() {
        if (running.size() >= settings.maxSequences()) {
            return null;
        }
        Work work = line.first(this::canStart);
        if (work == null) {
            return null;
        }
        long bytes = bytesFor(work.task);
        prefixes.shrinkTo(settings.cacheBytes() - reservedBytes - bytes);
        Sequence sequence = new Sequence(work, work.firstChoice + work.started, cacheFor(work), bytes);
        work.started++;
        if (!work.allStarted()) {
            line.putBack(work);
        }
        reservedBytes += bytes;
        running.add(sequence);
        return sequence;
    }

    private boolean canStart(Work work) {
        return !work.waitsForPrompt()
                && reservedBytes + bytesFor(work.task) <= settings.cacheBytes()
                && !isBeingComputed(work.task);
    }

    /** Whether a running sequence will soon have more of this prompt's beginning than there is now. */
    private boolean isBeingComputed(PromptTask task) {
        if (!task.reusesPrefixes()) {
            return false;
        }
        for (Sequence other : running) {
            if (other.inPrompt()
                    && other.work.stream.writable()
                    && other.commonWith(task.prompt()) >= PrefixCache.LEAST_TOKENS
                    && other.commonWith(task.prompt()) > Math.max(other.cache.length(), alreadyComputed(task))) {
                return true;
            }
        }
        return false;
    }

    private int alreadyComputed(PromptTask task) {
        PrefixCache.Entry entry = prefixes.longest(task.prompt());
        return entry == null ? 0 : PrefixCache.common(entry.tokens(), entry.tokens().length, task.prompt());
    }

    private KvCache cacheFor(Work work) {
        int capacity = Math.max(1, work.task.cacheTokens());
        int[] prompt = work.task.prompt();
        if (work.result != null) {
            return work.result.cache().fork(prompt.length, capacity);
        }
        if (!work.task.reusesPrefixes()) {
            return model.newCache(capacity);
        }
        KvCache source = null;
        int longest = PrefixCache.LEAST_TOKENS - 1;
        PrefixCache.Entry entry = prefixes.longest(prompt);
        if (entry != null) {
            source = entry.cache();
            longest = PrefixCache.common(entry.tokens(), entry.tokens().length, prompt);
        }
        for (Sequence other : running) {
            int common = Math.min(other.cache.length(), other.commonWith(prompt));
            if (common > longest) {
                source = other.cache;
                longest = common;
            }
        }
        if (source == null) {
            return model.newCache(capacity);
        }
        // The last token is computed anew: its logits are what comes next.
        work.cachedTokens = Math.min(longest, prompt.length - 1);
        return source.fork(work.cachedTokens, capacity);
    }

    /**
     * Takes a sequence out of the batch.
     *
     * @param reusable whether its cache is sound and may serve prompts that begin alike
     * @return false when it was not in the batch any more
     */
    boolean remove(Sequence sequence, boolean reusable) {
        if (!running.remove(sequence)) {
            return false;
        }
        reservedBytes -= sequence.reservedBytes;
        if (reusable) {
            prefixes.keep(sequence.cachedTokens(), sequence.cache);
            prefixes.shrinkTo(settings.cacheBytes() - reservedBytes);
        }
        return true;
    }

    /**
     * The next forward pass: one token of every choice that decodes, then parts of prompts, each an equal share of what
     * the budget leaves. Choices whose reader is behind are left out.
     */
    Step plan() {
        List<Sequence> decoding = new ArrayList<>();
        List<Sequence> prompts = new ArrayList<>();
        for (Sequence sequence : running) {
            if (sequence.work.stream.writable()) {
                (sequence.pending() == 1 && !sequence.inPrompt() ? decoding : prompts).add(sequence);
            }
        }
        List<Sequence> chosen = new ArrayList<>(decoding);
        int[] tokens = new int[decoding.size() + prompts.size()];
        Arrays.fill(tokens, 0, decoding.size(), 1);
        int left = budget.promptTokens(decoding.size());
        int total = decoding.size();
        for (int i = 0; i < prompts.size() && left > 0; i++) {
            Sequence sequence = prompts.get((turn + i) % prompts.size());
            int share = Math.ceilDiv(left, prompts.size() - i);
            int count = Math.min(sequence.pending(), share);
            tokens[chosen.size()] = count;
            chosen.add(sequence);
            left -= count;
            total += count;
        }
        turn++;
        return new Step(chosen, tokens, total);
    }
}
