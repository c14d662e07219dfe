package io.shiftadd.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Answers a request that goes no further, in the form that the service's errors have. */
@FunctionalInterface
public interface Refusal {

    /**
     * @param status 400, 403, 413 or 415
     * @param message what, where and the remedy, for the client
     */
    void write(HttpServletRequest request, HttpServletResponse response, int status, String message) throws IOException;
}
