package io.shiftadd.http;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.List;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/**
 * CORS headers on what Tomcat refuses by itself, before any filter: a malformed path, headers that are too long.
 * Without them a page of an allowed origin learns only that something failed.
 */
public final class RefusedRequestCors extends ValveBase {

    private static final int FIRST_ERROR = 400;

    private final List<String> origins;

    /** @param origins those that are allowed */
    public RefusedRequestCors(List<String> origins) {
        super(true);
        this.origins = List.copyOf(origins);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (response.isError() || response.getStatus() >= FIRST_ERROR) {
            String origin = allowed(request.getHeader("Origin"));
            if (origin != null) {
                response.setHeader("Access-Control-Allow-Origin", origin);
                response.setHeader("Vary", "Origin");
            }
        }
        getNext().invoke(request, response);
    }

    /**
     * Headers that are too long may have been given up before the origin was read; then the only one allowed is meant.
     */
    private @Nullable String allowed(@Nullable String origin) {
        if (origin == null) {
            return origins.size() == 1 ? origins.getFirst() : null;
        }
        return origins.contains(origin) || origins.contains("*") ? origin : null;
    }
}
