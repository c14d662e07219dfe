package io.shiftadd.inference.limits;

import io.shiftadd.inference.loading.RegistryUnavailableException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Which API keys are valid: asks the registry and remembers its answers for a moment. While the registry is away, keys that
 * were valid stay so for a while. Keeps hashes of keys, never keys. Thread-safe.
 */
final class ApiKeyDirectory {

    /** A revoked key works this long at most. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    /** A wrong key is not asked for again for this long. */
    private static final Duration REFUSED = Duration.ofSeconds(5);

    /** While the registry is away. */
    private static final Duration STALE = Duration.ofMinutes(10);

    /** Answers remembered; the least recently used goes, so that guessing keys cannot fill the memory. */
    private static final int MAX_REMEMBERED = 10_000;

    private final RestClient registry;
    private final Map<String, Known> known = Collections.synchronizedMap(new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MAX_REMEMBERED;
        }
    });

    private record Known(@Nullable ApiKey key, long since) {

        private boolean isYoungerThan(Duration age) {
            return System.nanoTime() - since < age.toNanos();
        }
    }

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

    ApiKeyDirectory(RestClient registry) {
        this.registry = registry;
    }

    /**
     * The key, or empty when it is not valid.
     *
     * @throws RegistryUnavailableException when the registry is away and the key is not known
     */
    Optional<ApiKey> find(String secret) {
        String hash = hash(secret);
        Known before = known.get(hash);
        if (before != null && before.isYoungerThan(before.key() == null ? REFUSED : FRESH)) {
            return Optional.ofNullable(before.key());
        }
        try {
            Optional<ApiKey> key = ask(secret);
            known.put(hash, new Known(key.orElse(null), System.nanoTime()));
            return key;
        } catch (RestClientException e) {
            if (before != null && before.key() != null && before.isYoungerThan(STALE)) {
                return Optional.of(before.key());
            }
            throw new RegistryUnavailableException(e);
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
                    if (response.getStatusCode().is4xxClientError()) {
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
