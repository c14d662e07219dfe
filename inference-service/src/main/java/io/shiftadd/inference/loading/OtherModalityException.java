package io.shiftadd.inference.loading;

/** A model was asked for what it does not do. */
public final class OtherModalityException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private OtherModalityException(String message) {
        super(message);
    }

    static OtherModalityException ofImages(String model) {
        return new OtherModalityException("The model '" + model
                + "' names the classes of images, it reads and writes no text; send images to"
                + " /v1/images/classifications");
    }

    static OtherModalityException ofText(String model) {
        return new OtherModalityException("The model '" + model
                + "' reads and writes text, it sees no images; name a model of images, or send text to"
                + " /v1/chat/completions");
    }
}
