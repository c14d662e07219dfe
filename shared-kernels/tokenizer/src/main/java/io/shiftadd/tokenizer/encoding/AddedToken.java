package io.shiftadd.tokenizer.encoding;

/**
 * A token outside the tokenizer's model, found in the text before it is split.
 *
 * @param special whether decoding can leave it out
 * @param singleWord whether it is only taken where no word goes on before or after it
 * @param takesLeft whether it swallows the white space before it
 * @param takesRight likewise after it
 * @param normalized whether it is looked for in the normalized text instead of the text as given
 */
public record AddedToken(
        int id,
        String content,
        boolean special,
        boolean singleWord,
        boolean takesLeft,
        boolean takesRight,
        boolean normalized) {

    public AddedToken withId(int other) {
        return new AddedToken(other, content, special, singleWord, takesLeft, takesRight, normalized);
    }

    public AddedToken asSpecial() {
        return new AddedToken(id, content, true, singleWord, takesLeft, takesRight, normalized);
    }
}
