package io.shiftadd.registry.access;

import io.shiftadd.http.BearerKey;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;

/**
 * Whose a thing is that only the key may see which it was made with. A key that is sent counts also where none is asked
 * for: a service in front may have asked.
 */
@Component
public class KeyOwner {

    private final BearerKey header = new BearerKey();
    private final ApiKeys keys;

    KeyOwner(ApiKeys keys) {
        this.keys = keys;
    }

    /**
     * Id of the caller's key; {@code local} for all callers without one together.
     *
     * @throws ProblemException 401 when a key is sent that is not valid
     */
    public String of(HttpServletRequest request) {
        Caller caller = Caller.of(request);
        Authentication sent = header.convert(request);
        if (caller.keyId() != null || sent == null) {
            return caller.owner();
        }
        return keys.find(String.valueOf(sent.getCredentials()))
                .map(key -> key.id().toString())
                .orElseThrow(() -> new ProblemException(
                        ProblemType.UNAUTHORIZED, "The API key is not valid: unknown, revoked or expired."));
    }
}
