package io.shiftadd.inference.grammar.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes an automaton of a term: each derivative is a state. States from which there is no end are left out. */
final class AutomatonBuilder {

    private static final int MAX_STATES = 20_000;
    private static final int FAR = 1 << 28;

    private final Terms terms;
    private final Work work;
    private final Map<Term, Integer> numbers = new HashMap<>();
    private final List<Term> states = new ArrayList<>();
    private final List<int[][]> transitions = new ArrayList<>();

    private AutomatonBuilder(Terms terms, Work work) {
        this.terms = terms;
        this.work = work;
    }

    /** @return null when the term has no texts */
    static @Nullable Automaton of(Term term, Terms terms, Work work) {
        AutomatonBuilder builder = new AutomatonBuilder(terms, work);
        builder.number(term);
        for (int state = 0; state < builder.states.size(); state++) {
            builder.transitions.add(builder.transitionsOf(builder.states.get(state)));
        }
        return builder.build();
    }

    private int number(Term term) {
        Integer known = numbers.get(term);
        if (known != null) {
            return known;
        }
        if (states.size() == MAX_STATES) {
            throw new PatternException("takes more than " + MAX_STATES + " states to keep to; make it simpler, or its"
                    + " counts smaller");
        }
        numbers.put(term, states.size());
        states.add(term);
        return states.size() - 1;
    }

    /** Firsts, lasts and targets. */
    private int[][] transitionsOf(Term term) {
        int[] cuts = withSurrogates(terms.cuts(term));
        int[][] made = new int[3][cuts.length];
        int count = 0;
        for (int i = 0; i < cuts.length; i++) {
            int first = cuts[i];
            int last = (i + 1 < cuts.length ? cuts[i + 1] : Character.MAX_CODE_POINT + 1) - 1;
            Term derived = first > Character.MAX_CODE_POINT || Character.isSurrogate((char) first) && first < 0x10000
                    ? terms.nothing
                    : terms.derivative(term, first);
            if (derived == terms.nothing) {
                continue;
            }
            int target = number(derived);
            if (count > 0 && made[2][count - 1] == target && made[1][count - 1] == first - 1) {
                made[1][count - 1] = last;
            } else {
                made[0][count] = first;
                made[1][count] = last;
                made[2][count++] = target;
            }
        }
        work.charge(cuts.length);
        return new int[][] {Arrays.copyOf(made[0], count), Arrays.copyOf(made[1], count), Arrays.copyOf(made[2], count)
        };
    }

    private static int[] withSurrogates(int[] cuts) {
        return Terms.merged(new int[] {0, 0xD800, 0xE000}, cuts);
    }

    private @Nullable Automaton build() {
        int[] characters = new int[states.size()];
        int[] bytes = new int[states.size()];
        boolean[] ends = new boolean[states.size()];
        Arrays.fill(characters, FAR);
        Arrays.fill(bytes, FAR);
        for (int state = 0; state < ends.length; state++) {
            ends[state] = states.get(state).nullable;
            characters[state] = ends[state] ? 0 : FAR;
            bytes[state] = ends[state] ? 0 : FAR;
        }
        spread(characters, bytes);
        if (characters[0] == FAR) {
            return null;
        }
        int[][][] kept = new int[3][states.size()][];
        for (int state = 0; state < ends.length; state++) {
            int[][] all = transitions.get(state);
            int[] alive = IntStream.range(0, all[2].length)
                    .filter(i -> characters[all[2][i]] < FAR)
                    .toArray();
            for (int part = 0; part < 3; part++) {
                int[] values = all[part];
                kept[part][state] = Arrays.stream(alive).map(i -> values[i]).toArray();
            }
        }
        return new Automaton(kept[0], kept[1], kept[2], ends, characters, bytes);
    }

    /** From the ends backwards, breadth first; among ways of as many characters, the one of fewer bytes. */
    private void spread(int[] characters, int[] bytes) {
        int[][] before = predecessors();
        List<Integer> front = new ArrayList<>();
        for (int state = 0; state < characters.length; state++) {
            if (characters[state] == 0) {
                front.add(state);
            }
        }
        for (int distance = 1; !front.isEmpty(); distance++) {
            List<Integer> reached = new ArrayList<>();
            for (int target : front) {
                for (int state : before[target]) {
                    if (characters[state] == FAR) {
                        characters[state] = distance;
                        reached.add(state);
                    }
                }
            }
            for (int state : reached) {
                bytes[state] = cheapestWay(state, distance - 1, characters, bytes);
            }
            front = reached;
        }
    }

    private int cheapestWay(int state, int distance, int[] characters, int[] bytes) {
        int[][] all = transitions.get(state);
        int cheapest = FAR;
        for (int i = 0; i < all[2].length; i++) {
            if (characters[all[2][i]] == distance) {
                int character = Automaton.cheapest(all[0][i], all[1][i]);
                cheapest = Math.min(cheapest, bytes[all[2][i]] + JsonText.bytes(character));
            }
        }
        return cheapest;
    }

    private int[][] predecessors() {
        int[] counts = new int[states.size()];
        transitions.forEach(of -> Arrays.stream(of[2]).forEach(target -> counts[target]++));
        int[][] before = new int[states.size()][];
        Arrays.setAll(before, state -> new int[counts[state]]);
        for (int state = 0; state < states.size(); state++) {
            for (int target : transitions.get(state)[2]) {
                before[target][--counts[target]] = state;
            }
        }
        return before;
    }
}
