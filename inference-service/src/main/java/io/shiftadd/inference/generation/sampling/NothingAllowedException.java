package io.shiftadd.inference.generation.sampling;

/** A constraint allows no token although the text is not complete. */
public final class NothingAllowedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NothingAllowedException() {
        super(
                "the format asked for allows no token of this model at a place that can be reached; simplify the schema in"
                        + " 'response_format'");
    }
}
