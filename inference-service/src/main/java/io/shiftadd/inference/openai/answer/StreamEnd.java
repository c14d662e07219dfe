package io.shiftadd.inference.openai.answer;

import io.shiftadd.inference.openai.error.ApiException;

/** How an API ends its streams, after the last event of the answer. */
public interface StreamEnd {

    /** Where events go. */
    interface Events {

        /** One event without a name. */
        void data(Object body);

        /** One event. */
        void event(String name, Object body);
    }

    /** The answer is complete. */
    default void done(Events out) {}

    /** It is not, and the client has had a part of it. */
    void failed(ApiException error, Events out);
}
