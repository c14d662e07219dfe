package io.shiftadd.tokenizer.encoding;

import io.shiftadd.format.FormatException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** BPE: a piece is its characters at first, and neighbours are merged, the best merge first, while there is one. */
public final class BytePairModel implements PieceModel {

    /**
     * @param unknown the token for characters that are not in the vocabulary
     * @param fusesUnknown whether a run of them is one token
     * @param byteFallback whether their bytes are spelled instead, where all have tokens
     * @param wholePieces whether a piece that is a token is taken as it is, whatever the merges would make of it
     */
    public record Settings(@Nullable String unknown, boolean fusesUnknown, boolean byteFallback, boolean wholePieces) {}

    private static final int ABSENT = -1;

    private final Map<String, Integer> vocabulary;
    private final Settings settings;
    private final LongIntMap characters = new LongIntMap(1_024);
    private final LongIntMap ranks;
    private final int[] merged;
    private final ByteTokens bytes;
    private final int unknown;
    private final String where;

    /**
     * @param merges the tokens that are merged, best first: left and right of each in turn
     * @throws FormatException when a merge is of or to something that is no token
     */
    public BytePairModel(Map<String, Integer> vocabulary, List<String> merges, Settings settings, String where) {
        this.vocabulary = vocabulary;
        this.settings = settings;
        this.where = where;
        this.bytes = new ByteTokens(vocabulary);
        this.unknown = settings.unknown() == null ? -1 : vocabulary.getOrDefault(settings.unknown(), -1);
        vocabulary.forEach((token, id) -> {
            if (!token.isEmpty() && token.codePointCount(0, token.length()) == 1) {
                characters.put(token.codePointAt(0), id);
            }
        });
        int count = merges.size() / 2;
        this.ranks = new LongIntMap(count);
        this.merged = new int[count];
        int[] left = new int[count];
        int[] right = new int[count];
        // Half a million merges are a million and a half of look-ups all over the vocabulary.
        IntStream.range(0, count).parallel().forEach(rank -> {
            left[rank] = vocabulary.getOrDefault(merges.get(2 * rank), ABSENT);
            right[rank] = vocabulary.getOrDefault(merges.get(2 * rank + 1), ABSENT);
            merged[rank] = vocabulary.getOrDefault(merges.get(2 * rank) + merges.get(2 * rank + 1), ABSENT);
        });
        for (int rank = 0; rank < count; rank++) {
            if (left[rank] == ABSENT || right[rank] == ABSENT || merged[rank] == ABSENT) {
                String first = merges.get(2 * rank);
                String second = merges.get(2 * rank + 1);
                throw noToken(left[rank] == ABSENT ? first : right[rank] == ABSENT ? second : first + second, rank);
            }
            ranks.put(MergeQueue.pair(left[rank], right[rank]), rank);
        }
    }

    private FormatException noToken(String token, int rank) {
        return new FormatException(
                "merges to or from '" + token + "', which is no token",
                where + ", merge " + rank,
                "both parts and what they make must be in the vocabulary",
                Component.REMEDY);
    }

    @Override
    public void encode(String piece, Ids ids, Effort effort) {
        if (settings.wholePieces()) {
            Integer id = vocabulary.get(piece);
            if (id != null) {
                ids.add(id);
                return;
            }
        }
        MergeQueue symbols = new MergeQueue(ranks, merged);
        addCharacters(piece, symbols);
        symbols.mergeAll(ids, () -> effort.step(where));
    }

    private void addCharacters(String piece, MergeQueue symbols) {
        boolean pendingUnknown = false;
        for (int i = 0; i < piece.length(); ) {
            int c = piece.codePointAt(i);
            int next = i + Character.charCount(c);
            int id = characters.get(c);
            if (id != LongIntMap.ABSENT) {
                if (pendingUnknown) {
                    symbols.add(unknown);
                    pendingUnknown = false;
                }
                symbols.add(id);
            } else if (!(settings.byteFallback() && bytes.spell(piece.substring(i, next), symbols::add))
                    && settings.unknown() != null) {
                if (pendingUnknown && !settings.fusesUnknown()) {
                    symbols.add(unknown);
                }
                pendingUnknown = true;
                requireUnknown();
            }
            i = next;
        }
        if (pendingUnknown) {
            symbols.add(unknown);
        }
    }

    private void requireUnknown() {
        if (unknown < 0) {
            throw new TokenizationException(where + ": has the unknown token '" + settings.unknown()
                    + "', which is no token, but the text needs it. " + Component.REMEDY);
        }
    }
}
