package io.shiftadd.registry.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Who sent a request.
 *
 * @param name of the key, or the address of a caller who needed none
 */
public record Caller(String name, @Nullable UUID keyId) {

    /** As Spring Security has found out; a caller without a key is known by the address. */
    public static Caller of(HttpServletRequest request) {
        return key().map(key -> new Caller(key.name(), key.id()))
                .orElseGet(() -> new Caller("address " + request.getRemoteAddr(), null));
    }

    /** Name of the key that the caller has sent or logged in with; null when there is none, or none is asked for. */
    public static @Nullable String keyName() {
        return key().map(ApiKeyView::name).orElse(null);
    }

    private static Optional<ApiKeyView> key() {
        Authentication by = SecurityContextHolder.getContext().getAuthentication();
        return by != null && by.getPrincipal() instanceof ApiKeyView key ? Optional.of(key) : Optional.empty();
    }

    /**
     * Whose turn it is in the queue, and whose idempotency keys are whose: the key, or all callers without one
     * together.
     */
    public String owner() {
        return keyId == null ? "local" : keyId.toString();
    }
}
