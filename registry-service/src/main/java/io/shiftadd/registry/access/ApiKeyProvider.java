package io.shiftadd.registry.access;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.stereotype.Component;

/**
 * Checks API keys for Spring Security: whoever sends a valid one is known by its {@link ApiKeyView} and may do what its
 * scopes allow. A database that does not answer is an {@link AuthenticationServiceException}.
 */
@Component
class ApiKeyProvider implements AuthenticationProvider {

    private final ApiKeys keys;

    ApiKeyProvider(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }

    @Override
    public Authentication authenticate(Authentication sent) {
        String secret = String.valueOf(sent.getCredentials());
        return ask(() -> keys.find(secret))
                .orElseThrow(() -> new BadCredentialsException("unknown, revoked or expired"));
    }

    /** Whom a session belongs to, as long as the key that it was begun with is valid. */
    Optional<Authentication> ofSession(UUID key) {
        return ask(() -> keys.find(key));
    }

    private static Optional<Authentication> ask(Supplier<Optional<ApiKeyView>> question) {
        try {
            return question.get().map(ApiKeyProvider::authenticated);
        } catch (DataAccessException e) {
            throw new AuthenticationServiceException("the database does not answer", e);
        }
    }

    private static Authentication authenticated(ApiKeyView key) {
        List<GrantedAuthority> allowed = Stream.of(Scope.values())
                .filter(key::allows)
                .<GrantedAuthority>map(scope -> new SimpleGrantedAuthority(scope.word()))
                .toList();
        return UsernamePasswordAuthenticationToken.authenticated(key, null, allowed);
    }
}
