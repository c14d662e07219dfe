package io.shiftadd.inference.generation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shares the places of a forward pass among connections: in rounds, each gets one more that has more choices, the one
 * that came first first. Choices whose reader is behind take no place.
 */
final class Places {

    private final int most;

    Places(int most) {
        this.most = most;
    }

    /** Those that take part in the next forward pass, in the order given; of a connection its oldest. */
    List<Sequence> taken(List<Sequence> running) {
        Map<GenerationStream, Integer> free = share(counts(running));
        List<Sequence> taken = new ArrayList<>();
        for (Sequence sequence : running) {
            if (free.getOrDefault(sequence.work.stream, 0) > 0) {
                free.merge(sequence.work.stream, -1, Integer::sum);
                taken.add(sequence);
            }
        }
        return taken;
    }

    /**
     * Whether one more choice of a connection would have a place, be it that another connection has one less.
     *
     * @param counts of those that run
     */
    boolean hasOneFor(GenerationStream stream, Map<GenerationStream, Integer> counts) {
        int own = counts.getOrDefault(stream, 0);
        int needed = 1;
        boolean before = true;
        // It comes after all rounds in which it has had one, and in its round after those that came before it.
        for (Map.Entry<GenerationStream, Integer> count : counts.entrySet()) {
            before &= count.getKey() != stream;
            needed += Math.min(count.getValue(), own) + (before && count.getValue() > own ? 1 : 0);
        }
        return needed <= most;
    }

    /** How many choices each connection has that could go on, in the order in which the connections came. */
    Map<GenerationStream, Integer> counts(List<Sequence> running) {
        Map<GenerationStream, Integer> counts = new LinkedHashMap<>();
        for (Sequence sequence : running) {
            if (sequence.work.stream.writable()) {
                counts.merge(sequence.work.stream, 1, Integer::sum);
            }
        }
        return counts;
    }

    private Map<GenerationStream, Integer> share(Map<GenerationStream, Integer> counts) {
        Map<GenerationStream, Integer> shares = new LinkedHashMap<>();
        counts.keySet().forEach(stream -> shares.put(stream, 0));
        int left = most;
        boolean given = true;
        while (left > 0 && given) {
            given = false;
            for (Map.Entry<GenerationStream, Integer> share : shares.entrySet()) {
                if (left > 0 && share.getValue() < counts.getOrDefault(share.getKey(), 0)) {
                    share.setValue(share.getValue() + 1);
                    left--;
                    given = true;
                }
            }
        }
        return shares;
    }
}
