package io.shiftadd.http.access;

import com.github.benmanes.caffeine.cache.Ticker;
import io.shiftadd.http.access.RefusedKeyException.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.RestClient;

/** Lets in requests whose API key is valid, has the scope, and is within its limits. Thread-safe. */
public final class Admission {

    private static final String BEARER = "Bearer ";
    private static final Duration SOON = Duration.ofSeconds(1);

    private final ApiKeyDirectory keys;
    private final Map<String, KeyUsage> usages = new ConcurrentHashMap<>();

    /** @param registry is asked which keys are valid */
    public Admission(RestClient registry) {
        this.keys = new ApiKeyDirectory(registry, Ticker.systemTicker());
    }

    /** A request that is under way; to be closed at its end. */
    public interface Pass extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Begins a request.
     *
     * @param authorization the header of that name
     * @throws RefusedKeyException when it may not begin
     */
    public Pass admit(@Nullable String authorization, String scope) {
        ApiKey key = keyOf(authorization);
        if (!key.allows(scope)) {
            throw new RefusedKeyException(
                    Kind.FORBIDDEN,
                    "forbidden",
                    SOON,
                    "The API key '" + key.name() + "' has not the scope '" + scope + "'");
        }
        KeyUsage usage = usages.computeIfAbsent(key.id(), id -> new KeyUsage(System::nanoTime));
        KeyUsage.Refusal refusal = usage.begin(key);
        if (refusal != null) {
            throw new RefusedKeyException(Kind.TOO_MANY, refusal.code(), refusal.retryAfter(), refusal.message());
        }
        return usage::end;
    }

    private ApiKey keyOf(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw unknown("An API key is needed: send the header Authorization: Bearer <key>");
        }
        try {
            return keys.find(header.substring(BEARER.length()).strip())
                    .orElseThrow(() -> unknown("The API key is not valid, or was revoked"));
        } catch (KeysUnavailableException e) {
            throw new RefusedKeyException(
                    Kind.UNAVAILABLE,
                    "registry_unavailable",
                    SOON,
                    "The API key cannot be checked: the registry does not answer");
        }
    }

    private static RefusedKeyException unknown(String message) {
        return new RefusedKeyException(Kind.UNKNOWN, "invalid_api_key", SOON, message);
    }
}
