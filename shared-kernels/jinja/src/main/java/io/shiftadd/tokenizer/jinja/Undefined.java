package io.shiftadd.tokenizer.jinja;

/**
 * What a name, attribute or item is that does not exist: prints as nothing, is false and empty, and fails when it is
 * computed with.
 *
 * @param reason a sentence
 */
record Undefined(String reason) {

    JinjaException failure() {
        return new JinjaException(reason);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
        return 1;
    }
}
