package io.shiftadd.registry.access;

import io.shiftadd.http.BearerKey;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.UUID;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.context.HttpRequestResponseHolder;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Component;

/**
 * Browsers that have logged in with a key. The session holds the key's id alone and the key is looked up at each
 * request, so that a session ends with its key. Its cookie is out of reach for scripts and is not sent with requests
 * from other sites.
 */
@Component
public class Sessions implements SecurityContextRepository {

    /** Path of the page that asks for a key. */
    public static final String LOGIN = "/login";

    private static final String KEY = "apiKey";

    private final ApiKeyProvider keys;

    Sessions(ApiKeyProvider keys) {
        this.keys = keys;
    }

    /** Returns whether the key is one that may see the dashboard; then the browser is logged in. */
    public boolean begin(HttpServletRequest request, HttpServletResponse response, String secret) {
        Authentication key;
        try {
            key = keys.authenticate(BearerKey.unchecked(secret));
        } catch (BadCredentialsException e) {
            return false;
        }
        if (!(key.getPrincipal() instanceof ApiKeyView view) || !view.allows(Scope.ADMIN)) {
            return false;
        }
        end(request);
        saveContext(new SecurityContextImpl(key), request, response);
        return true;
    }

    public void end(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
    }

    @Override
    public boolean containsContext(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session != null && session.getAttribute(KEY) instanceof UUID;
    }

    @Override
    @SuppressWarnings("deprecation") // the interface has it still; it is what the deferred one asks
    public SecurityContext loadContext(HttpRequestResponseHolder holder) {
        HttpSession session = holder.getRequest().getSession(false);
        return session != null && session.getAttribute(KEY) instanceof UUID id
                ? keys.ofSession(id).map(SecurityContextImpl::new).orElseGet(SecurityContextImpl::new)
                : new SecurityContextImpl();
    }

    @Override
    public void saveContext(SecurityContext context, HttpServletRequest request, HttpServletResponse response) {
        Authentication by = context.getAuthentication();
        if (by != null && by.getPrincipal() instanceof ApiKeyView key) {
            request.getSession(true).setAttribute(KEY, key.id());
        }
    }
}
