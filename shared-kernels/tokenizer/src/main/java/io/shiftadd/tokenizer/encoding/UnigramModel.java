package io.shiftadd.tokenizer.encoding;

import io.shiftadd.format.FormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** SentencePiece's unigram model: the tokens of a piece are those whose scores add up to most (Viterbi's algorithm). */
public final class UnigramModel implements PieceModel {

    /** How much worse than the worst token an unknown character is. */
    private static final double UNKNOWN_PENALTY = 10;

    private final Map<String, Integer> vocabulary;
    private final double[] scores;
    private final TextTrie trie;
    private final ByteTokens bytes;
    private final boolean byteFallback;
    private final int unknown;
    private final double unknownScore;
    private final String where;

    /**
     * @param tokens the vocabulary in the order of ids
     * @param scores of each
     * @param unknown id for characters that are not in the vocabulary, or -1
     * @throws FormatException when {@code unknown} is beyond the vocabulary
     */
    public UnigramModel(List<String> tokens, double[] scores, int unknown, boolean byteFallback, String where) {
        if (unknown >= tokens.size()) {
            throw new FormatException(
                    "has the unk_id " + unknown,
                    where,
                    "it is below " + tokens.size() + ", the size of the vocabulary",
                    Component.REMEDY);
        }
        this.vocabulary = new HashMap<>();
        this.trie = new TextTrie(4 * tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
            if (!tokens.get(id).isEmpty()) {
                trie.put(tokens.get(id), id);
            }
        }
        this.scores = scores;
        this.bytes = new ByteTokens(vocabulary);
        this.byteFallback = byteFallback;
        this.unknown = unknown;
        this.unknownScore = Arrays.stream(scores).min().orElse(0) - UNKNOWN_PENALTY;
        this.where = where;
    }

    @Override
    public void encode(String piece, Ids ids, Effort effort) {
        for (String token : bestPath(piece, effort)) {
            Integer id = vocabulary.get(token);
            if (id != null) {
                ids.add(id);
            } else if (!(byteFallback && bytes.spell(token, ids))) {
                ids.add(requireUnknown());
            }
        }
    }

    /** Runs of unknown characters are one. */
    private List<String> bestPath(String piece, Effort effort) {
        int[] begins = new int[piece.length() + 1];
        boolean[] isUnknown = new boolean[piece.length() + 1];
        findPath(piece, begins, isUnknown, effort);
        List<String> tokens = new ArrayList<>();
        for (int end = piece.length(); end > 0; ) {
            int begin = begins[end];
            if (isUnknown[end]) {
                while (begin > 0 && isUnknown[begin]) {
                    begin = begins[begin];
                }
            }
            tokens.add(piece.substring(begin, end));
            end = begin;
        }
        Collections.reverse(tokens);
        return tokens;
    }

    private void findPath(String piece, int[] begins, boolean[] isUnknown, Effort effort) {
        double[] best = new double[piece.length() + 1];
        Arrays.fill(begins, -1);
        for (int begin = 0; begin < piece.length(); ) {
            int next = begin + Character.charCount(piece.codePointAt(begin));
            boolean hasSingle = false;
            int node = 0;
            for (int i = begin; i < piece.length(); i++) {
                effort.step(where);
                node = trie.next(node, piece.charAt(i));
                if (node == TextTrie.ABSENT) {
                    break;
                }
                int id = trie.number(node);
                if (id != TextTrie.ABSENT) {
                    hasSingle |= i + 1 == next;
                    if (reaches(begins, best, begin, i + 1, scores[id])) {
                        isUnknown[i + 1] = id == unknown;
                    }
                }
            }
            if (!hasSingle && reaches(begins, best, begin, next, unknownScore)) {
                requireUnknown();
                isUnknown[next] = true;
            }
            begin = next;
        }
    }

    private static boolean reaches(int[] begins, double[] best, int begin, int end, double score) {
        double candidate = best[begin] + score;
        if (begins[end] >= 0 && candidate <= best[end]) {
            return false;
        }
        best[end] = candidate;
        begins[end] = begin;
        return true;
    }

    private int requireUnknown() {
        if (unknown < 0) {
            throw new TokenizationException(where + ": cannot encode a text that has characters that are no tokens; the"
                    + " tokenizer must have a token for everything, or an unknown token. " + Component.REMEDY);
        }
        return unknown;
    }
}
