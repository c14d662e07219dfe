package io.shiftadd.tokenizer.encoding;

import io.shiftadd.tokenizer.encoding.SplitPattern.Stretch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What becomes of the matches when a text is split at them. */
enum SplitBehavior {
    REMOVED("Removed"),
    ISOLATED("Isolated"),
    MERGED_WITH_PREVIOUS("MergedWithPrevious"),
    MERGED_WITH_NEXT("MergedWithNext"),
    CONTIGUOUS("Contiguous");

    private final String spelled;

    SplitBehavior(String spelled) {
        this.spelled = spelled;
    }

    static SplitBehavior of(Component part, SplitBehavior absent) {
        String name = part.text("behavior", absent.spelled);
        for (SplitBehavior behavior : values()) {
            if (behavior.spelled.equals(name)) {
                return behavior;
            }
        }
        throw part.wrong("behavior", "Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous");
    }

    /** @param inverts whether the text between the matches counts as the matches */
    List<Piece> split(Piece piece, SplitPattern pattern, boolean inverts, Effort effort) {
        List<Stretch> stretches = pattern.stretches(piece.text(), effort);
        if (inverts) {
            stretches.replaceAll(s -> new Stretch(s.begin(), s.end(), !s.isMatch()));
        }
        List<Piece> pieces = new ArrayList<>(stretches.size());
        for (Stretch stretch : merged(stretches)) {
            if (stretch.begin() < stretch.end() && !(this == REMOVED && stretch.isMatch())) {
                pieces.add(piece.part(stretch.begin(), stretch.end()));
            }
        }
        return pieces;
    }

    private List<Stretch> merged(List<Stretch> stretches) {
        return switch (this) {
            case REMOVED, ISOLATED -> stretches;
            case MERGED_WITH_NEXT -> {
                List<Stretch> merged = merge(stretches.reversed());
                Collections.reverse(merged);
                yield merged;
            }
            case MERGED_WITH_PREVIOUS, CONTIGUOUS -> merge(stretches);
        };
    }

    /** Joins to the one before: all of a kind, or a match that does not follow another. */
    private List<Stretch> merge(List<Stretch> stretches) {
        List<Stretch> merged = new ArrayList<>(stretches.size());
        boolean afterMatch = false;
        for (Stretch stretch : stretches) {
            boolean joins = this == CONTIGUOUS ? stretch.isMatch() == afterMatch : stretch.isMatch() && !afterMatch;
            if (joins && !merged.isEmpty()) {
                Stretch last = merged.removeLast();
                merged.add(new Stretch(
                        Math.min(last.begin(), stretch.begin()), Math.max(last.end(), stretch.end()), false));
            } else {
                merged.add(new Stretch(stretch.begin(), stretch.end(), false));
            }
            afterMatch = stretch.isMatch();
        }
        return merged;
    }
}
