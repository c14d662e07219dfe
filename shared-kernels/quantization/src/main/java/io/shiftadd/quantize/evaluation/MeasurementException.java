package io.shiftadd.quantize.evaluation;

import io.shiftadd.model.IdWithoutRowException;
import java.io.Serial;

/** A model cannot be measured on a text or a task, however often it is tried: the reason and the remedy. */
public final class MeasurementException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String remedy;

    /**
     * @param reason what cannot be, with the limit
     * @param remedy what the user can do about it
     */
    public MeasurementException(String reason, String remedy) {
        super(reason + ". " + remedy);
        this.reason = reason;
        this.remedy = remedy;
    }

    public String reason() {
        return reason;
    }

    public String remedy() {
        return remedy;
    }

    /**
     * A text has a token that the model has no embedding for.
     *
     * @param what names the text
     * @param remedy what to do besides taking the token out of it
     */
    public static MeasurementException unknown(IdWithoutRowException token, String what, String remedy) {
        return new MeasurementException(
                what + " contains the token '" + token.token() + "' (id " + token.id() + ", token " + token.position()
                        + "), for which the model has no embedding: its ids are 0 to " + (token.rows() - 1),
                "Take '" + token.token() + "' out of it, " + remedy + ".");
    }

    /** The model's logits are NaN or infinite, or so is what follows from them. */
    static MeasurementException notFinite(String what) {
        return new MeasurementException(
                "the model computes " + what + ", which is no number",
                "Its weights are so large that they overflow, or it is damaged: try it with a prompt, and get it again from"
                        + " where it came from.");
    }
}
