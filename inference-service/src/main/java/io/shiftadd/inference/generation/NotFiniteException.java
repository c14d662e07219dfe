package io.shiftadd.inference.generation;

/** A model has computed what is no number, or an infinite one; nothing can be chosen or told from that. */
public final class NotFiniteException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private NotFiniteException(String message) {
        super(message);
    }

    static NotFiniteException ofLogit(String model, int token, float value) {
        return of(model, "the logit of token id " + token, value);
    }

    static NotFiniteException ofEmbedding(String model, int index, float value) {
        return of(model, "number " + index + " of an embedding", value);
    }

    /** Of a model of images. */
    public static NotFiniteException ofClass(String model, int index, float value) {
        return of(model, "the logit of class " + index, value);
    }

    private static NotFiniteException of(String model, String what, float value) {
        return new NotFiniteException("model '" + model + "' computed " + what + " as " + value
                + "; only finite numbers can be answered. Its weights hold values that are not finite or far too large:"
                + " check the model's files, or use another model");
    }
}
