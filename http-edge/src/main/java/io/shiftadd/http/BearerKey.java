package io.shiftadd.http;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AuthenticationConverter;

/** Reads the API key of a request, {@code Authorization: Bearer <key>}, as credentials that nobody has checked yet. */
public final class BearerKey implements AuthenticationConverter {

    private static final String BEARER = "Bearer ";

    /** Whether a request has a key; no page of another site can send one without being allowed to first. */
    public static boolean isIn(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length());
    }

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        return isIn(request) ? unchecked(request.getHeader("Authorization").substring(BEARER.length())) : null;
    }

    /** A key to be checked, blanks around it left out. */
    public static Authentication unchecked(String key) {
        return UsernamePasswordAuthenticationToken.unauthenticated("API key", key.strip());
    }
}
