package io.shiftadd.inference.openai.responses;

import io.shiftadd.http.Shown;
import io.shiftadd.http.access.AdmittedKey;
import io.shiftadd.inference.loading.RegistryUnavailableException;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.RequestMemory;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * Responses that the registry keeps. It is asked with the client's own key, and so decides itself whose a response is;
 * where no keys are asked for, all clients are one.
 */
@Component
@EnableConfigurationProperties(KeepingSettings.class)
class KeptResponses {

    private static final Logger LOG = LoggerFactory.getLogger(KeptResponses.class);
    private static final String PATH = "/api/v1/responses/{response}";
    private static final Pattern IDS = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final String OFF =
            "this server keeps no responses (shiftadd.responses.keep-for is 0); send the earlier items in 'input'";

    /** Bytes, and texts as they are read from them. */
    private static final int BODY_COPIES = 4;

    private final RestClient registry;
    private final JsonMapper json;
    private final RequestMemory memory;
    private final KeepingSettings settings;

    KeptResponses(RestClient registryHttp, JsonMapper json, RequestMemory memory, KeepingSettings settings) {
        this.memory = memory;
        this.registry = registryHttp;
        this.json = json;
        this.settings = settings;
    }

    /** A response, and what it answers. */
    record Kept(ArrayNode items, JsonNode response) {

        /** What it answers, and what it says. */
        ArrayNode conversation() {
            ArrayNode all = items.deepCopy();
            response.path("output").forEach(all::add);
            return all;
        }
    }

    boolean on() {
        return settings.on();
    }

    /**
     * What a request goes on from.
     *
     * @param id null = nothing
     * @throws ApiException 400 when it is not kept for the client's key
     * @throws RegistryUnavailableException when nobody can tell
     */
    Optional<Kept> before(@Nullable String id, HttpServletRequest request) {
        if (id == null) {
            return Optional.empty();
        }
        if (!on()) {
            throw notFound("'previous_response_id' cannot be used: " + OFF);
        }
        return Optional.of(find(id, request).orElseThrow(() -> notFound(unknown(id))));
    }

    private static ApiException notFound(String message) {
        return ApiException.invalid("previous_response_id", "previous_response_not_found", message);
    }

    /**
     * @throws ApiException 404 when it is not kept for the client's key
     * @throws RegistryUnavailableException when nobody can tell
     */
    Kept get(String id, HttpServletRequest request) {
        return find(id, request).orElseThrow(() -> missing(id));
    }

    private Optional<Kept> find(String id, HttpServletRequest request) {
        if (!on() || !IDS.matcher(id).matches()) {
            return Optional.empty();
        }
        return calling(() -> registry.get()
                .uri(PATH, id)
                .headers(named(request))
                .exchange((sent, answer) -> {
                    if (answer.getStatusCode() == HttpStatus.NOT_FOUND) {
                        return Optional.empty();
                    }
                    requireSuccess(answer.getStatusCode());
                    memory.of(request).take(Math.max(0, answer.getHeaders().getContentLength()) * BODY_COPIES);
                    return Optional.ofNullable(answer.bodyTo(byte[].class))
                            .map(body -> json.readValue(body, Kept.class));
                }));
    }

    /**
     * Keeps a response; one that is too large, or that the registry does not take, is not kept, which its client reads
     * in {@code store}.
     */
    boolean keep(String id, ArrayNode items, ResponseObject response, HttpServletRequest request) {
        byte[] body = json.writeValueAsBytes(Map.of("items", items, "response", response));
        if (body.length > settings.maxSize().toBytes()) {
            LOG.info("The response {} is not kept: it has {} bytes with its input", id, body.length);
            return false;
        }
        try {
            registry.put()
                    .uri(PATH, id)
                    .headers(named(request))
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(body)
                    .retrieve()
                    .toBodilessEntity();
            return true;
        } catch (RestClientException e) {
            LOG.warn("The response {} is not kept: {}", id, e.getMessage());
            return false;
        }
    }

    /**
     * @throws ApiException 404 when it is not kept for the client's key
     * @throws RegistryUnavailableException when nobody can tell
     */
    void forget(String id, HttpServletRequest request) {
        boolean found = on()
                && IDS.matcher(id).matches()
                && calling(() -> registry.delete()
                        .uri(PATH, id)
                        .headers(named(request))
                        .exchange((sent, answer) -> {
                            if (answer.getStatusCode() != HttpStatus.NOT_FOUND) {
                                requireSuccess(answer.getStatusCode());
                            }
                            return answer.getStatusCode().is2xxSuccessful();
                        }));
        if (!found) {
            throw missing(id);
        }
    }

    private ApiException missing(String id) {
        return ApiException.of(
                HttpStatus.NOT_FOUND,
                "response_id",
                "response_not_found",
                on() ? unknown(id) : "There is none: " + OFF);
    }

    private static String unknown(String id) {
        return "No response '" + Shown.of(id) + "' is kept for this key: unknown, forgotten, another"
                + " key's, or one whose 'store' was told to be false";
    }

    /** In the name of the client, where it has a key; else in that of the service. */
    private static Consumer<HttpHeaders> named(HttpServletRequest request) {
        String key = AdmittedKey.of(request);
        return headers -> {
            if (key != null) {
                headers.set(HttpHeaders.AUTHORIZATION, key);
            }
        };
    }

    private static void requireSuccess(HttpStatusCode status) {
        if (!status.is2xxSuccessful()) {
            throw new RestClientException("it answered " + status + " about a response");
        }
    }

    private static <T> T calling(Supplier<T> call) {
        try {
            return call.get();
        } catch (RestClientException e) {
            throw new RegistryUnavailableException(e);
        }
    }
}
