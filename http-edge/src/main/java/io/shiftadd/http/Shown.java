package io.shiftadd.http;

/** A client's own words as messages repeat them: short, and without what could disturb a log, a page or a terminal. */
public final class Shown {

    private static final int LONGEST = 60;

    private Shown() {}

    /**
     * At most 60 characters and an ellipsis; control characters, marks of direction and halves of characters replaced.
     */
    public static String of(String text) {
        StringBuilder shown = new StringBuilder();
        int[] characters = text.codePoints().limit(LONGEST + 1L).toArray();
        for (int i = 0; i < Math.min(LONGEST, characters.length); i++) {
            shown.appendCodePoint(PlainText.isPlain(characters[i]) ? characters[i] : '\uFFFD');
        }
        return characters.length > LONGEST ? shown.append('…').toString() : shown.toString();
    }
}
