package io.shiftadd.http.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Which API keys are valid: asks the registry and remembers its answers for a moment. While the registry is away, keys
 * that were valid stay so for a while. Keeps hashes of keys, never keys. Thread-safe.
 */
final class ApiKeyDirectory {

    /** A revoked key works this long at most. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    /** A wrong key is not asked for again for this long. */
    private static final Duration REFUSED = Duration.ofSeconds(5);

    /** While the registry is away. */
    private static final Duration STALE = Duration.ofMinutes(10);

    /** Answers remembered; those of least use go, so that guessing keys cannot fill the memory. */
    private static final int MAX_REMEMBERED = 10_000;

    /**
     * How the registry says that a key is not valid: it does not know it, or it can be none. Whatever else it says, it
     * has not looked at the key: it was called by another's name, too often, or is no registry.
     */
    private static final Set<Integer> REFUSALS = Set.of(400, 401);

    private final RestClient registry;

    /** What the registry said, by the hash of a key: empty for one that is not valid. */
    private final Cache<String, Optional<ApiKey>> answers;

    /** Keys that were valid when they were last asked for. */
    private final Cache<String, ApiKey> valid;

    private record Question(String key) {}

    private record Answer(
            String id,
            @Nullable String name,
            @Nullable Set<String> scopes,
            @Nullable Integer requestsPerMinute,
            @Nullable Integer maxConcurrentRequests) {

        private ApiKey toKey() {
            return new ApiKey(
                    id,
                    name == null ? "" : name,
                    scopes == null ? Set.of() : Set.copyOf(scopes),
                    requestsPerMinute,
                    maxConcurrentRequests);
        }
    }

    ApiKeyDirectory(RestClient registry, Ticker clock) {
        this.registry = registry;
        this.answers = Caffeine.newBuilder()
                .ticker(clock)
                .maximumSize(MAX_REMEMBERED)
                .expireAfter(Expiry.writing((String hash, Optional<ApiKey> key) -> key.isPresent() ? FRESH : REFUSED))
                .build();
        this.valid = Caffeine.newBuilder()
                .ticker(clock)
                .maximumSize(MAX_REMEMBERED)
                .expireAfterWrite(STALE)
                .build();
    }

    /**
     * The key, or empty when it is not valid.
     *
     * @throws KeysUnavailableException when the registry is away and the key is not known
     */
    Optional<ApiKey> find(String secret) {
        String hash = hash(secret);
        Optional<ApiKey> known = answers.getIfPresent(hash);
        if (known != null) {
            return known;
        }
        try {
            Optional<ApiKey> key = ask(secret);
            answers.put(hash, key);
            key.ifPresentOrElse(found -> valid.put(hash, found), () -> valid.invalidate(hash));
            return key;
        } catch (RestClientException e) {
            ApiKey before = valid.getIfPresent(hash);
            if (before != null) {
                return Optional.of(before);
            }
            throw new KeysUnavailableException(e);
        }
    }

    /** Asks twice when the connection, which had been idle, turns out to be closed: a question changes nothing. */
    private Optional<ApiKey> ask(String secret) {
        try {
            return askOnce(secret);
        } catch (ResourceAccessException e) {
            if (e.getCause() instanceof HttpTimeoutException) {
                throw e;
            }
            return askOnce(secret);
        }
    }

    private Optional<ApiKey> askOnce(String secret) {
        return registry.post()
                .uri("/api/v1/api-keys/verify")
                .body(new Question(secret))
                .exchange((request, response) -> {
                    if (response.getStatusCode().is2xxSuccessful()) {
                        Answer answer = response.bodyTo(Answer.class);
                        return Optional.ofNullable(answer).map(Answer::toKey);
                    }
                    if (REFUSALS.contains(response.getStatusCode().value())) {
                        return Optional.empty();
                    }
                    throw new RestClientException("it answered " + response.getStatusCode());
                });
    }

    private static String hash(String secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
