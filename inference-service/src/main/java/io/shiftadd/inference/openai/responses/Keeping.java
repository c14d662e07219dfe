package io.shiftadd.inference.openai.responses;

import jakarta.servlet.http.HttpServletRequest;
import tools.jackson.databind.node.ArrayNode;

/**
 * What becomes of a response when it is complete.
 *
 * @param items what it answers
 * @param asked whether it is to be kept
 */
record Keeping(KeptResponses kept, HttpServletRequest request, ArrayNode items, boolean asked) {

    /** Keeps it where that was asked for; tells whether it is kept. */
    boolean keep(ResponseObject response) {
        return asked && kept.keep(response.id(), items, response, request);
    }
}
