package io.shiftadd.inference.syntax;

import io.shiftadd.inference.grammar.VocabularyTrie;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which tokens of a vocabulary complete one of the texts that are looked for. Safe for use by several threads. */
final class CompletingTokens {

    private final Triggers triggers;
    private final VocabularyTrie vocabulary;

    /** By state; from most states few tokens lead on, and few states are ever reached. */
    private final Map<Integer, List<Completion>> known = new ConcurrentHashMap<>();

    /**
     * @param trigger that is complete within the token
     * @param after what the token has after it
     */
    record Completion(int token, int trigger, byte[] after) {}

    CompletingTokens(Triggers triggers, VocabularyTrie vocabulary) {
        this.triggers = triggers;
        this.vocabulary = vocabulary;
    }

    List<Completion> from(int state) {
        return known.computeIfAbsent(state, this::find);
    }

    private List<Completion> find(int state) {
        List<Completion> all = new ArrayList<>();
        for (int token = 0; token < vocabulary.vocabularySize(); token++) {
            byte[] bytes = vocabulary.bytes(token);
            int at = state;
            for (int i = 0; i < bytes.length; i++) {
                at = triggers.step(at, bytes[i]);
                int complete = triggers.complete(at);
                if (complete >= 0) {
                    all.add(new Completion(token, complete, Arrays.copyOfRange(bytes, i + 1, bytes.length)));
                    break;
                }
            }
        }
        return List.copyOf(all);
    }

    /** Where a token leads that completes nothing. */
    int after(int state, int token) {
        int at = state;
        for (byte next : vocabulary.bytes(token)) {
            at = triggers.step(at, next);
        }
        return at;
    }

    Triggers triggers() {
        return triggers;
    }
}
