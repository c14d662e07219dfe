package io.shiftadd.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.registry.hub.HubServer.Odd;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

/** A server that keeps one waiting, and the shared cache without a server. */
@Timeout(60)
class HubClientTest {

    private static final HubRepository REPOSITORY = HubRepository.of("some/model", "main");

    @TempDir
    Path directory;

    private HubProperties properties(@Nullable URI base, List<String> redirects) {
        DataSize size = DataSize.ofMegabytes(1);
        Duration timeout = Duration.ofMillis(400);
        return new HubProperties(
                base,
                null,
                directory.resolve("token"),
                redirects,
                directory.resolve("models"),
                directory.resolve("cache"),
                true,
                base == null,
                timeout,
                DataSize.ofKilobytes(4),
                1,
                Duration.ofMillis(1),
                1,
                size,
                size);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        DRIPS  | sent less than
        SILENT | no answer within
        """)
    void anAnswerThatDoesNotComeEndsTheAttempt(Odd odd, String message) throws Exception {
        Path files = Files.createDirectories(directory.resolve("files"));
        Files.write(files.resolve("model.safetensors"), new byte[100_000]);
        try (HubServer store = HubServer.start(0, 0);
                HubServer hub = HubServer.start(0, store.port())) {
            hub.serve(REPOSITORY.name(), files, odd, store);
            URI base = URI.create("http://127.0.0.1:" + hub.port() + "/hub");
            HubProperties properties = properties(base, List.of("http://127.0.0.1:" + store.port()));
            try (HubClient client = new HubClient(properties)) {
                HubListing listing = HubListing.read(client, base, REPOSITORY, properties.patience());
                URI file = REPOSITORY.file(base, listing.commit(), "model.safetensors");
                assertThatThrownBy(() -> {
                            try (HubAnswer answer = client.get(file, base, null)) {
                                answer.bytes(200_000);
                            }
                        })
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(message);
            }
        }
    }

    @Test
    void theTokenIsThatOfTheLogin() throws IOException {
        Files.writeString(directory.resolve("token"), "hf_abc\n");
        assertThat(properties(null, List.of()).bearer()).isEqualTo("hf_abc");
    }

    @Test
    void whatIsAddedToTheSharedCacheIsFoundThereByRevision() throws IOException {
        Path files = Files.createDirectories(directory.resolve("files"));
        Files.writeString(files.resolve("config.json"), "{}");
        Files.createDirectories(files.resolve("additional_chat_templates"));
        Files.writeString(files.resolve("additional_chat_templates/x.jinja"), "{{ 1 }}");
        List<HubFile> listed = List.of(
                new HubFile("config.json", 2, HubServer.id(files.resolve("config.json"))),
                new HubFile(
                        "additional_chat_templates/x.jinja",
                        7,
                        HubServer.id(files.resolve("additional_chat_templates/x.jinja"))));
        HubCache cache = new HubCache(directory.resolve("cache"));
        HubRepository pull = HubRepository.of("some/model", "refs/pr/3");
        String commit = "ab".repeat(20);
        assertThat(cache.listing(pull)).isEmpty();
        cache.add(pull, commit, listed, files);
        cache.add(pull, commit, listed, files);
        Path home = directory.resolve("cache/models--some--model");
        assertThat(home.resolve("refs/refs/pr/3")).hasContent(commit);
        Path name = home.resolve("snapshots").resolve(commit).resolve("config.json");
        assertThat(Files.readSymbolicLink(name))
                .isEqualTo(Path.of("../../blobs").resolve(listed.getFirst().id()));
        assertThat(cache.listing(pull)).hasValueSatisfying(found -> {
            assertThat(found.commit()).isEqualTo(commit);
            assertThat(found.files()).containsExactlyInAnyOrderElementsOf(listed);
        });
        assertThat(cache.listing(HubRepository.of("some/model", commit))).isPresent();
        assertThat(cache.take(pull, listed.getFirst(), directory.resolve("taken")))
                .isTrue();
        assertThat(directory.resolve("taken")).hasContent("{}");
    }
}
