package io.shiftadd.tokenizer;

import io.shiftadd.tokenizer.SentencePieceModel.Piece;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The merges of a SentencePiece BPE model, which has only pieces with scores; found by all processors together. */
final class PieceMerges {

    /** Best score first, and longer left parts first among equal scores, so that runs of spaces grow from the left. */
    private static final Comparator<Merge> ORDER = Comparator.comparingDouble(Merge::score)
            .thenComparingInt(Merge::leftLength)
            .thenComparingInt(Merge::rightLength)
            .reversed();

    /** @param leftLength characters of the left part */
    private record Merge(String left, String right, float score, int leftLength, int rightLength) {}

    private PieceMerges() {}

    /** Pairs of pieces that make a piece, in the order in which they are to be merged. */
    static List<List<String>> of(List<Piece> pieces) {
        Set<String> mergeable = new HashSet<>();
        pieces.stream().filter(Piece::isText).forEach(piece -> mergeable.add(piece.text()));
        return pieces.parallelStream()
                .filter(Piece::isText)
                .flatMap(piece -> splits(piece, mergeable).stream())
                .sorted(ORDER)
                .map(merge -> List.of(merge.left(), merge.right()))
                .toList();
    }

    private static List<Merge> splits(Piece piece, Set<String> mergeable) {
        List<Merge> merges = new ArrayList<>();
        String text = piece.text();
        int length = text.codePointCount(0, text.length());
        int at = 0;
        for (int count = 1; count < length; count++) {
            at = text.offsetByCodePoints(at, 1);
            String left = text.substring(0, at);
            if (mergeable.contains(left)) {
                String right = text.substring(at);
                if (mergeable.contains(right)) {
                    merges.add(new Merge(left, right, piece.score(), count, length - count));
                }
            }
        }
        return merges;
    }
}
