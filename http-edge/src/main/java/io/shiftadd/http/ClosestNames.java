package io.shiftadd.http;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which of the valid names somebody may have meant. */
public final class ClosestNames {

    private static final int MOST = 3;
    private static final int SHORT = 4;
    private static final int LONG = 8;

    private ClosestNames() {}

    /** "did you mean …?" with up to three names, the closest first; all names when none is close. */
    public static String suggest(String given, Collection<String> valid) {
        String wanted = normal(given);
        List<String> close = valid.stream()
                .filter(name -> isClose(wanted, normal(name)))
                .sorted(Comparator.comparingInt((String name) -> distance(wanted, normal(name)))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST)
                .toList();
        return close.isEmpty()
                ? "valid are " + String.join(", ", valid)
                : "did you mean " + String.join(" or ", close) + "?";
    }

    /**
     * The valid name of which another is a misspelling; null when there is none. Closer than what is suggested:
     * neighbours in the wrong order, another spelling of its words, one letter off, or two in a long name.
     */
    public static @Nullable String misspelled(String given, Collection<String> valid) {
        String wanted = normal(given);
        return valid.stream()
                .filter(name -> isMisspelled(wanted, normal(name)))
                .min(Comparator.comparingInt((String name) -> distance(wanted, normal(name)))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse(null);
    }

    private static boolean isMisspelled(String wanted, String name) {
        // No distance is less than what one name is longer.
        return Math.abs(wanted.length() - name.length()) <= mistakes(name) && distance(wanted, name) <= mistakes(name);
    }

    /** Short names are close to too many others. */
    private static int mistakes(String name) {
        if (name.length() < SHORT) {
            return 0;
        }
        return name.length() < LONG ? 1 : 2;
    }

    private static boolean isClose(String wanted, String name) {
        int allowed = Math.max(1, Math.min(wanted.length(), name.length()) / 3);
        boolean contains = wanted.length() >= 4 && (name.contains(wanted) || wanted.contains(name));
        return contains || distance(wanted, name) <= allowed;
    }

    /** snake_case, kebab-case and camelCase of one name are the same. */
    private static String normal(String name) {
        String shortened = name.length() > 64 ? name.substring(0, 64) : name;
        return shortened.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Edit distance, by rows; two neighbours in the wrong order are one mistake. */
    static int distance(String a, String b) {
        int[] twoAbove = new int[b.length() + 1];
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(above[j - 1] + change, 1 + Math.min(above[j], row[j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], twoAbove[j - 2] + 1);
                }
            }
            twoAbove = above;
            above = row;
        }
        return above[b.length()];
    }
}
