package io.shiftadd.model;

/** A token that the tokenizer knows and the model does not: its embedding has no row for it. */
public final class IdWithoutRowException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int id;
    private final int position;
    private final String token;
    private final int rows;

    IdWithoutRowException(int id, int position, String token, int rows) {
        super("token " + position + " is "
                + (token.isEmpty() ? "the id " + id : "'" + token + "' (id " + id + ")")
                + ", for which the model has no embedding: it has " + rows + " rows, for the ids 0 to " + (rows - 1)
                + ". Leave that token out, or use the tokenizer files that belong to the model");
        this.id = id;
        this.position = position;
        this.token = token;
        this.rows = rows;
    }

    public int id() {
        return id;
    }

    /** The id's index among those that were to pass. */
    public int position() {
        return position;
    }

    /** The token as the vocabulary spells it; empty when it has none. */
    public String token() {
        return token;
    }

    /** Rows of the model's embedding. */
    public int rows() {
        return rows;
    }
}
