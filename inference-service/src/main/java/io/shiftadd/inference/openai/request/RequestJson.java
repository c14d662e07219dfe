package io.shiftadd.inference.openai.request;

import io.shiftadd.http.JsonBody;
import io.shiftadd.http.Shown;
import io.shiftadd.inference.openai.error.ApiException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Reads the JSON object of a request's body within fixed limits; nothing is kept of what exceeds them. */
@Component
public class RequestJson {

    static final int MAX_BYTES = 4 << 20;

    /** Of a request with images, which are base64 there. */
    public static final int MAX_IMAGE_BYTES = 16 << 20;

    private static final String IMAGES = "/v1/images/";

    private static final int CHUNK = 64 << 10;

    private final RequestMemory memory;

    RequestJson(RequestMemory memory) {
        this.memory = memory;
    }

    /** Bytes that the body of a request may have, coded and decoded. */
    static int limit(HttpServletRequest request) {
        return request.getRequestURI().startsWith(IMAGES) ? MAX_IMAGE_BYTES : MAX_BYTES;
    }

    /**
     * @throws ApiException 400, 408, 413, 415 or 503, before anything else is done
     */
    public JsonNode read(HttpServletRequest request) {
        requireJson(request.getContentType());
        JsonNode node = JsonBody.read(bytes(request, limit(request)), JsonBody.Texts.ANY);
        if (!node.isObject()) {
            throw ApiException.invalid(null, "The request body must be a JSON object");
        }
        return node;
    }

    /**
     * For operations that change something and want no body.
     *
     * @throws ApiException 415 when the request has a type, and it is another
     */
    public static void requireJsonOrNone(HttpServletRequest request) {
        if (request.getContentType() != null) {
            requireJson(request.getContentType());
        }
    }

    private static void requireJson(String contentType) {
        // A form or text/plain is what a foreign web page can send without asking: it must not get through.
        try {
            MediaType type = contentType == null ? null : MediaType.parseMediaType(contentType);
            if (type != null && (type.isCompatibleWith(MediaType.APPLICATION_JSON) || hasJsonSuffix(type))) {
                return;
            }
        } catch (InvalidMediaTypeException e) {
            // Told below, as any other type.
        }
        throw ApiException.of(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                null,
                "unsupported_media_type",
                contentType == null
                        ? "The request has no Content-Type; it must be application/json"
                        : "The request's Content-Type is '" + Shown.of(contentType) + "'; it must be application/json");
    }

    private static boolean hasJsonSuffix(MediaType type) {
        return "json".equals(type.getSubtypeSuffix());
    }

    private byte[] bytes(HttpServletRequest request, int limit) {
        if (request.getContentLengthLong() > limit) {
            throw tooLarge(limit);
        }
        try (InputStream in = request.getInputStream()) {
            return bytes(in, limit, memory.of(request));
        } catch (IOException e) {
            throw incomplete(e);
        }
    }

    private static byte[] bytes(InputStream in, int limit, RequestMemory.Account account) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            account.takeBody(read);
            body.write(chunk, 0, read);
            if (body.size() > limit) {
                throw tooLarge(limit);
            }
        }
        return body.toByteArray();
    }

    /** What is told of a body that could not be read: it came too slowly, or only in part. */
    public static ApiException incomplete(Exception failure) {
        if (failure instanceof SocketTimeoutException || failure.getCause() instanceof SocketTimeoutException) {
            return ApiException.of(
                    HttpStatus.REQUEST_TIMEOUT, null, "request_timeout", "The request's body did not arrive in time");
        }
        return ApiException.invalid(null, "The request's body ends before it is complete; send it again");
    }

    public static ApiException tooLarge(int limit) {
        return ApiException.of(
                HttpStatus.CONTENT_TOO_LARGE,
                null,
                "request_too_large",
                "The request body is larger than " + limit + " bytes");
    }
}
