package io.shiftadd.inference.generation;

import io.shiftadd.model.cache.KvCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides who runs: which waiting prompts get a place and memory, where a prompt's beginning is taken from, and how
 * many tokens of each sequence the next forward pass takes. Belongs to the engine's thread.
 */
final class Scheduler {

    /** Positions that a cache takes memory for at a time. */
    private static final int PAGE = 64;

    private final EngineModel model;
    private final WaitingLine line;
    private final PrefixCache prefixes = new PrefixCache();
    private final StepBudget budget;
    private final Places places;
    private final List<Sequence> running = new ArrayList<>();
    private final CacheMemory.Account memory;
    private final Speculation speculation;
    private final DiskPrefixes disk;
    private final PassCosts costs = new PassCosts();
    private int turn;

    /** @param tokens of each sequence, in the order of the list */
    record Step(List<Sequence> sequences, int[] tokens, int total) {

        /** The same work in two steps. */
        List<Step> halves() {
            int half = sequences.size() / 2;
            return List.of(part(0, half), part(half, sequences.size()));
        }

        private Step part(int from, int to) {
            int[] own = Arrays.copyOfRange(tokens, from, to);
            return new Step(sequences.subList(from, to), own, Arrays.stream(own).sum());
        }
    }

    /** A sequence that has a prompt's beginning. */
    private record Beginning(KvCache cache, int length) {}

    /** @param wake has the engine look again */
    Scheduler(
            EngineModel model,
            EngineSettings settings,
            CacheMemory.Account memory,
            WaitingLine line,
            EngineObserver observer,
            Runnable wake) {
        this.model = model;
        this.memory = memory;
        this.line = line;
        this.budget = new StepBudget(settings.maxStepTokens());
        this.places = new Places(settings.maxSequences());
        this.speculation = settings.speculation();
        this.disk = new DiskPrefixes(model, prefixes, observer, wake);
    }

    List<Sequence> running() {
        return running;
    }

    PrefixCache prefixes() {
        return prefixes;
    }

    long reservedBytes() {
        return memory.reserved();
    }

    /** Gives back what is only kept, if another engine needs it. */
    void giveBackIfAsked() {
        if (memory.isAsked()) {
            forgetPrefixes();
        }
    }

    /** The model is unloaded; prompts to come may find on disk what is in memory. */
    void putPrefixesAside() {
        disk.putAside();
    }

    /** Keeps nothing for prompts to come. */
    void forgetPrefixes() {
        keepAtMost(0);
    }

    private void keepAtMost(long bytes) {
        prefixes.shrinkTo(bytes);
        memory.keep(prefixes.bytes());
    }

    /** A pass has been made, and its tokens have been chosen. */
    void passed(Step step, long nanos, EngineObserver observer) {
        budget.observe(step.total(), nanos);
        observer.step(step.sequences().size(), step.total(), nanos);
        Sequence first = step.sequences().getFirst();
        Speculator speculator = first.speculator;
        if (speculator != null && speculator.hasGuessed()) {
            observer.guessed(step.total() - 1, speculator.passed(first.length(), nanos));
        }
    }

    long bytesFor(PromptTask task) {
        return Math.ceilDiv(task.cacheTokens(), PAGE) * PAGE * model.cacheBytesPerToken();
    }

    /** The next waiting choice that has a place, memory and its prompt ready; null when there is none. */
    @Nullable
    Sequence admit() {
        if (line.size() == 0) {
            memory.wantNothing();
            return null;
        }
        List<Sequence> taken = places.taken(running);
        Map<GenerationStream, Integer> counts = places.counts(running);
        List<Sequence> idle = idle(taken);
        long idleBytes =
                idle.stream().mapToLong(sequence -> sequence.reservedBytes).sum();
        Work work = line.first(
                candidate -> places.hasOneFor(candidate.stream, counts) && canStart(candidate, taken, idleBytes));
        if (work == null) {
            return null;
        }
        long bytes = bytesFor(work.task);
        keepAtMost(memory.roomToKeep() - bytes);
        for (int i = idle.size() - 1; i >= 0 && !memory.hasFree(bytes); i--) {
            release(idle.get(i));
        }
        if (!memory.take(bytes)) {
            line.putFirst(work);
            return null;
        }
        return begin(work, taken, bytes);
    }

    private void release(Sequence sequence) {
        sequence.releaseCache();
        memory.give(sequence.reservedBytes);
    }

    /** Null when the heap has no room for it, which its reader is told. */
    private @Nullable Sequence begin(Work work, List<Sequence> taken, long bytes) {
        Sequence sequence;
        try {
            sequence = new Sequence(work, work.firstChoice + work.started, cacheFor(work, taken), bytes);
        } catch (OutOfMemoryError e) {
            memory.give(bytes);
            forgetPrefixes();
            work.stream.publish(
                    new GenerationEvent.Failed(work.firstChoice + work.started, new MemoryExhaustedException(e)));
            return null;
        }
        work.started++;
        if (!work.allStarted()) {
            line.putBack(work);
        }
        running.add(sequence);
        return sequence;
    }

    /** Those whose memory others may have meanwhile: their reader is behind, or others' choices have their places. */
    private List<Sequence> idle(List<Sequence> taken) {
        return running.stream()
                .filter(sequence -> !taken.contains(sequence) && sequence.hasCache() && sequence.writing != null)
                .toList();
    }

    private boolean canStart(Work work, List<Sequence> taken, long idleBytes) {
        return !work.waitsForPrompt()
                && memory.couldTake(bytesFor(work.task) - idleBytes)
                && !isBeingComputed(work.task, taken)
                && !isBeingRead(work, taken);
    }

    private boolean isBeingRead(Work work, List<Sequence> taken) {
        if (work.result != null || !work.task.reusesPrefixes()) {
            return false;
        }
        Beginning known = beginning(work.task.prompt(), taken);
        return disk.isReading(work, known == null ? 0 : known.length());
    }

    /** Whether a running sequence will soon have more of this prompt's beginning than there is now. */
    private boolean isBeingComputed(PromptTask task, List<Sequence> taken) {
        if (!task.reusesPrefixes()) {
            return false;
        }
        for (Sequence other : taken) {
            if (other.inPrompt()
                    && other.commonWith(task.prompt()) >= PrefixCache.LEAST_TOKENS
                    && other.commonWith(task.prompt()) > Math.max(other.computed(), alreadyComputed(task))) {
                return true;
            }
        }
        return false;
    }

    private int alreadyComputed(PromptTask task) {
        PrefixCache.Entry entry = prefixes.longest(task.prompt());
        return entry == null ? 0 : PrefixCache.common(entry.tokens(), entry.tokens().length, task.prompt());
    }

    private KvCache cacheFor(Work work, List<Sequence> taken) {
        int capacity = Math.max(1, work.task.cacheTokens());
        int[] prompt = work.task.prompt();
        if (work.result != null) {
            return work.result.cache().fork(prompt.length, capacity);
        }
        if (!work.task.reusesPrefixes()) {
            return model.newCache(capacity);
        }
        Beginning known = beginning(prompt, taken);
        if (known == null) {
            return model.newCache(capacity);
        }
        disk.shared(prompt, known.cache(), known.length());
        // The last token is computed anew: its logits are what comes next.
        work.cachedTokens = Math.min(known.length(), prompt.length - 1);
        return known.cache().fork(work.cachedTokens, capacity);
    }

    /** The longest beginning of a prompt in memory; null when none is worth it. */
    private @Nullable Beginning beginning(int[] prompt, List<Sequence> taken) {
        KvCache source = null;
        int longest = PrefixCache.LEAST_TOKENS - 1;
        PrefixCache.Entry entry = prefixes.longest(prompt);
        if (entry != null) {
            source = entry.cache();
            longest = PrefixCache.common(entry.tokens(), entry.tokens().length, prompt);
        }
        for (Sequence other : taken) {
            int common = Math.min(other.computed(), other.commonWith(prompt));
            if (common > longest) {
                source = other.cache();
                longest = common;
            }
        }
        return source == null ? null : new Beginning(source, longest);
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
        if (sequence.hasCache()) {
            if (reusable) {
                sequence.forgetGuesses();
                prefixes.keep(sequence.cachedTokens(), sequence.cache());
                prefixes.shrinkTo(memory.roomToKeep() + sequence.reservedBytes);
            }
            memory.keep(prefixes.bytes());
            memory.give(sequence.reservedBytes);
        }
        return true;
    }

    /**
     * The next forward pass: one token of every choice that decodes, then parts of prompts, each an equal share of what
     * the budget leaves. Choices whose reader is behind, or whose place somebody else has, are left out.
     */
    Step plan() {
        List<Sequence> decoding = new ArrayList<>();
        List<Sequence> prompts = new ArrayList<>();
        for (Sequence sequence : places.taken(running)) {
            if (sequence.hasCache() || restore(sequence)) {
                (sequence.pending() == 1 && !sequence.inPrompt() ? decoding : prompts).add(sequence);
            }
        }
        List<Sequence> chosen = new ArrayList<>(decoding);
        int[] tokens = new int[decoding.size() + prompts.size()];
        Arrays.fill(tokens, 0, decoding.size(), 1);
        // Many that decode fill a pass by themselves; beside a prompt a guess would cost all that it takes.
        if (decoding.size() == 1 && prompts.isEmpty()) {
            tokens[0] += decoding.getFirst().guess();
            return new Step(chosen, tokens, tokens[0]);
        }
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

    /** What guesses the tokens of a choice; null where nothing does. */
    @Nullable
    Speculator speculator(Sequence sequence) {
        return speculation == Speculation.OFF || !model.canBeGuessedFor()
                ? null
                : new Speculator(sequence.work.task.cacheTokens() + 1, costs, speculation == Speculation.ALWAYS);
    }

    /** Gives memory back to a sequence that had lost it; what it had computed is computed again. */
    private boolean restore(Sequence sequence) {
        if (!memory.couldTake(sequence.reservedBytes)) {
            return false;
        }
        keepAtMost(memory.roomToKeep() - sequence.reservedBytes);
        if (!memory.take(sequence.reservedBytes)) {
            return false;
        }
        try {
            sequence.restoreCache(model.newCache(Math.max(1, sequence.work.task.cacheTokens())));
        } catch (OutOfMemoryError e) {
            memory.give(sequence.reservedBytes);
            throw e;
        }
        return true;
    }
}
