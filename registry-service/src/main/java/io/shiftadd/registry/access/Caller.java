package io.shiftadd.registry.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request.
 *
 * @param name of the key, or the address of a caller who needed none
 */
public record Caller(String name, @Nullable UUID keyId) {

    private static final String ATTRIBUTE = Caller.class.getName();

    /** As the filter has found out; a caller without a key is known by the address. */
    public static Caller of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Caller caller
                ? caller
                : new Caller("address " + request.getRemoteAddr(), null);
    }

    /**
     * Whose turn it is in the queue, and whose idempotency keys are whose: the key, or all callers without one
     * together.
     */
    public String owner() {
        return keyId == null ? "local" : keyId.toString();
    }

    static void set(HttpServletRequest request, ApiKeyView key) {
        request.setAttribute(ATTRIBUTE, new Caller(key.name(), key.id()));
    }
}
