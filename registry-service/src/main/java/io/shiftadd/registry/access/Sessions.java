package io.shiftadd.registry.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Browsers that have logged in with a key. The session holds the key's id, so that it ends with the key. Its cookie is
 * out of reach for scripts and is not sent with requests from other sites; {@link SameOriginFilter} refuses these
 * anyway.
 */
@Component
public class Sessions {

    /** Path of the page that asks for a key. */
    public static final String LOGIN = "/login";

    private static final String KEY = "apiKey";

    private final ApiKeys keys;

    Sessions(ApiKeys keys) {
        this.keys = keys;
    }

    /** Returns whether the key is one that may see the dashboard; then the browser is logged in. */
    public boolean begin(HttpServletRequest request, String secret) {
        Optional<ApiKeyView> key = keys.find(secret.strip()).filter(found -> found.allows(Scope.ADMIN));
        if (key.isEmpty()) {
            return false;
        }
        HttpSession before = request.getSession(false);
        if (before != null) {
            before.invalidate();
        }
        request.getSession(true).setAttribute(KEY, key.get().id());
        return true;
    }

    public void end(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
    }

    /** Name of the key that the browser is logged in with; null when it is not, or need not be. */
    public @Nullable String nameOf(HttpServletRequest request) {
        return keyOf(request).map(ApiKeyView::name).orElse(null);
    }

    Optional<ApiKeyView> keyOf(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session != null && session.getAttribute(KEY) instanceof UUID id ? keys.find(id) : Optional.empty();
    }
}
