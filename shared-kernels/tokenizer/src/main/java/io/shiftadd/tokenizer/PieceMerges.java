package io.shiftadd.tokenizer;

import io.shiftadd.tokenizer.SentencePieceModel.Piece;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The merges of a SentencePiece BPE model, which has only pieces with scores. */
final class PieceMerges {

    private record Merge(String left, String right, float score) {
        int leftLength() {
            return left.codePointCount(0, left.length());
        }

        int rightLength() {
            return right.codePointCount(0, right.length());
        }
    }

    private PieceMerges() {}

    /**
     * Pairs of pieces that make a piece, in the order in which they are to be merged: best score first, and longer left
     * parts first among equal scores, so that runs of spaces grow from the left.
     */
    static List<List<String>> of(List<Piece> pieces) {
        Set<String> mergeable = new HashSet<>();
        pieces.stream().filter(Piece::isText).forEach(piece -> mergeable.add(piece.text()));
        List<Merge> merges = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece.isText()) {
                addSplits(piece, mergeable, merges);
            }
        }
        merges.sort(Comparator.comparing(Merge::score)
                .thenComparing(Merge::leftLength)
                .thenComparing(Merge::rightLength)
                .reversed());
        return merges.stream()
                .map(merge -> List.of(merge.left(), merge.right()))
                .toList();
    }

    private static void addSplits(Piece piece, Set<String> mergeable, List<Merge> merges) {
        String text = piece.text();
        for (int at = text.offsetByCodePoints(0, 1); at < text.length(); at = text.offsetByCodePoints(at, 1)) {
            String left = text.substring(0, at);
            String right = text.substring(at);
            if (mergeable.contains(left) && mergeable.contains(right)) {
                merges.add(new Merge(left, right, piece.score()));
            }
        }
    }
}
