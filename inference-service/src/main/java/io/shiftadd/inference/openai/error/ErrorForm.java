package io.shiftadd.inference.openai.error;

/** The form that errors have below some address, where it is not OpenAI's. */
public interface ErrorForm {

    /** @param path of the request, decoded */
    boolean isFor(String path);

    /** What {@link #body} returns, for the API's document. */
    Class<? extends Record> type();

    Record body(ApiException error);
}
