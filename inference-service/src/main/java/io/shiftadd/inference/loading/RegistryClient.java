package io.shiftadd.inference.loading;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Asks the registry over HTTP what models there are. */
final class RegistryClient {

    private static final int PAGE_SIZE = 200;
    private static final int MAX_PAGES = 50;

    private final RestClient http;

    /** @param http with the registry's base URL and short timeouts */
    RegistryClient(RestClient http) {
        this.http = http;
    }

    /** The parts of the registry's model that are needed here. */
    private record ModelAnswer(
            String id,
            String name,
            String family,
            @Nullable String kind,
            String location,
            String digest,
            long sizeBytes,
            @Nullable Instant createdAt,
            @Nullable String method,
            @Nullable Double meanBits) {

        RegisteredModel toModel() {
            return new RegisteredModel(
                    id,
                    name,
                    family,
                    RegisteredModel.Kind.valueOf(String.valueOf(kind).toUpperCase(Locale.ROOT)),
                    location,
                    digest,
                    sizeBytes,
                    createdAt == null ? Instant.EPOCH : createdAt,
                    method,
                    meanBits);
        }
    }

    private record ListAnswer(List<ModelAnswer> items, int totalPages) {}

    /** A file of a model, as it was when it was registered. */
    record ModelFile(String path, long sizeBytes, String sha256) {}

    /**
     * All models.
     *
     * @throws RegistryUnavailableException when it does not answer
     */
    List<RegisteredModel> models() {
        return calling(() -> {
            List<RegisteredModel> models = new ArrayList<>();
            int pages = 1;
            for (int page = 0; page < Math.min(pages, MAX_PAGES); page++) {
                ListAnswer answer = page(page);
                answer.items().forEach(model -> models.add(model.toModel()));
                pages = answer.totalPages();
            }
            return models;
        });
    }

    private ListAnswer page(int page) {
        ListAnswer answer = http.get()
                .uri("/api/v1/models?page={page}&size={size}&sort=name,asc", page, PAGE_SIZE)
                .retrieve()
                .body(ListAnswer.class);
        return answer == null ? new ListAnswer(List.of(), 0) : answer;
    }

    /**
     * The model of that id or name.
     *
     * @throws RegistryUnavailableException when it does not answer
     */
    Optional<RegisteredModel> model(String idOrName) {
        return calling(() -> http.get().uri("/api/v1/models/{model}", idOrName).exchange((request, response) -> {
            if (response.getStatusCode() == HttpStatus.NOT_FOUND) {
                return Optional.empty();
            }
            requireSuccess(response.getStatusCode());
            ModelAnswer answer = response.bodyTo(ModelAnswer.class);
            return Optional.ofNullable(answer).map(ModelAnswer::toModel);
        }));
    }

    /**
     * The files of a model as registered.
     *
     * @throws RegistryUnavailableException when it does not answer
     */
    List<ModelFile> files(RegisteredModel model) {
        return calling(() -> {
            ModelFile[] files = http.get()
                    .uri("/api/v1/models/{model}/files", model.id())
                    .retrieve()
                    .body(ModelFile[].class);
            return files == null ? List.of() : List.of(files);
        });
    }

    private static void requireSuccess(HttpStatusCode status) {
        if (status == HttpStatus.UNAUTHORIZED || status == HttpStatus.FORBIDDEN) {
            throw new RestClientException("it answered " + status + "; set shiftadd.registry-api-key to a valid key");
        }
        if (!status.is2xxSuccessful()) {
            throw new RestClientException("it answered " + status);
        }
    }

    private interface Call<T> {
        T run();
    }

    private static <T> T calling(Call<T> call) {
        try {
            return call.run();
        } catch (RestClientException | IllegalArgumentException e) {
            throw new RegistryUnavailableException(e);
        }
    }
}
