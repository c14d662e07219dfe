package io.shiftadd.inference.openai;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the JSON object of a request's body within fixed limits; nothing is kept of what exceeds them. */
@Component
class RequestJson {

    static final int MAX_BYTES = 4 << 20;
    static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER_LENGTH = 400;

    private final JsonMapper json = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .maxStringLength(MAX_BYTES)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * @throws ApiException 400, 408, 413 or 415, before anything else is done
     */
    JsonNode read(HttpServletRequest request) {
        requireJson(request.getContentType());
        byte[] body = bytes(request);
        try {
            JsonNode node = json.readTree(body);
            if (node == null || !node.isObject()) {
                throw ApiException.invalid(null, "The request body must be a JSON object");
            }
            requireUnicode(node);
            return node;
        } catch (StreamConstraintsException e) {
            throw ApiException.invalid(
                    null,
                    "The request body exceeds a limit: JSON may be " + MAX_DEPTH + " levels deep and numbers "
                            + MAX_NUMBER_LENGTH + " characters long (" + e.getOriginalMessage() + ")");
        } catch (JacksonException e) {
            throw ApiException.invalid(null, "The request body is not valid JSON: " + where(e));
        }
    }

    /** Half a character can neither be tokenized nor be repeated in an answer. */
    private static void requireUnicode(JsonNode node) {
        if (node.isString() && hasHalfCharacter(node.stringValue())) {
            throw halfCharacter();
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (hasHalfCharacter(field.getKey())) {
                throw halfCharacter();
            }
        }
        for (JsonNode child : node.values()) {
            requireUnicode(child);
        }
    }

    private static ApiException halfCharacter() {
        return ApiException.invalid(
                null,
                "The request body has a text with half a surrogate pair (\\uD800 to \\uDFFF); send whole characters");
    }

    private static boolean hasHalfCharacter(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static String where(JacksonException e) {
        if (e.getLocation() == null) {
            return e.getOriginalMessage();
        }
        return e.getOriginalMessage() + " at line " + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr();
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
                "The request's Content-Type is '" + contentType + "'; it must be application/json");
    }

    private static boolean hasJsonSuffix(MediaType type) {
        return "json".equals(type.getSubtypeSuffix());
    }

    private static byte[] bytes(HttpServletRequest request) {
        if (request.getContentLengthLong() > MAX_BYTES) {
            throw tooLarge();
        }
        try (InputStream in = request.getInputStream()) {
            byte[] body = in.readNBytes(MAX_BYTES + 1);
            if (body.length > MAX_BYTES) {
                throw tooLarge();
            }
            return body;
        } catch (SocketTimeoutException e) {
            throw ApiException.of(
                    HttpStatus.REQUEST_TIMEOUT, null, "request_timeout", "The request's body did not arrive in time");
        } catch (IOException e) {
            throw ApiException.invalid(null, "The request's body cannot be read: " + e.getMessage());
        }
    }

    private static ApiException tooLarge() {
        return ApiException.of(
                HttpStatus.CONTENT_TOO_LARGE,
                null,
                "request_too_large",
                "The request body is larger than " + MAX_BYTES + " bytes");
    }
}
