package io.shiftadd.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.hub.HubServer.Odd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Imports that broke off, were cancelled, or met a server that was busy: nothing comes twice, nothing is left. */
class HubResumeIT extends HubFixture {

    @Test
    void goesOnWhereADownloadBrokeOff() throws IOException {
        store.breaks.set(2);
        succeeded("sample/llama-mini", "v2");
        long size = Files.size(LLAMA.resolve(WEIGHTS));
        List<Long> begins = store.requests.stream()
                .filter(request -> request.endsWith("-" + (size - 1)))
                .map(request -> Long.parseLong(request.replaceAll(".* bytes=|-.*", "")))
                .toList();
        assertThat(begins).hasSize(2).isSorted();
        assertThat(begins.getFirst()).isGreaterThan(size / 3);
        assertThat(begins.getLast()).isGreaterThan(begins.getFirst());
        assertSameTensors();
    }

    @Test
    void anImportThatFailedGoesOnWhenItIsAskedForAgain() {
        store.breaks.set(3);
        assertThat(failed("sample/llama-mini", "v3")).contains("broke off at byte", "Import it again");
        forget();
        succeeded("sample/llama-mini", "v3");
        assertThat(hub.requests).noneMatch(request -> request.endsWith("/tokenizer.json"));
        assertThat(store.requests.getLast()).contains("bytes=").doesNotContain("bytes=0-");
    }

    @Test
    void anImportThatARestartInterruptedGoesOn() throws IOException {
        UUID id = UUID.randomUUID();
        jdbc.sql("insert into registry.model_import (id, name, repository, revision, state)"
                        + " values (:id, :name, 'sample/llama-mini', 'v4', 'RUNNING')")
                .param("id", id)
                .param("name", name)
                .update();
        Path directory = ROOT.resolve("data/models/sample@llama-mini/" + HubServer.commitOf("sample/llama-mini", "v4"));
        Files.createDirectories(directory);
        byte[] head = Arrays.copyOf(Files.readAllBytes(LLAMA.resolve(WEIGHTS)), 1000);
        Files.write(directory.resolve(WEIGHTS + ".part"), head);
        imports.resume();
        assertThat(finished("/api/v1/imports/" + id).get("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(store.requests.getLast()).contains(" bytes=1000-");
        assertSameTensors();
    }

    @Test
    void aRestOfAnotherVersionIsNotKept() throws IOException {
        Path directory = ROOT.resolve("data/models/sample@llama-mini/" + HubServer.commitOf("sample/llama-mini", "v5"));
        Files.createDirectories(directory);
        Files.write(directory.resolve(WEIGHTS + ".part"), new byte[1000]);
        succeeded("sample/llama-mini", "v5");
        assertSameTensors();
    }

    @Test
    void aRunningImportCanBeCancelledAndResumed() throws IOException {
        store.pause = 20;
        String path = start("sample/llama-mini", "v6");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> api().get(path).json().get("bytesDone").asLong() > 1_000_000);
        JsonNode running = api().get(path).json();
        assertThat(running.get("bytesTotal").asLong()).isGreaterThan(6_000_000);
        assertThat(running.get("bytesPerSecond").asLong()).isPositive();
        assertThat(running.get("secondsLeft").isNumber()).isTrue();
        Answer cancelled = api().post(path + "/cancel", "");
        assertThat(cancelled.json().get("state").asString()).isEqualTo("CANCELLED");
        assertThat(api().post(path + "/cancel", "").problem()).isEqualTo("illegal-transition");
        forget();
        api().post(path + "/resume", "");
        assertThat(finished(path).get("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(store.requests.getLast()).contains(" bytes=").doesNotContain(" bytes=0-");
        assertThat(api().post(path + "/resume", "").problem()).isEqualTo("illegal-transition");
        assertSameTensors();
    }

    @Test
    void whatAForgottenImportHasLeftIsRemoved() {
        store.breaks.set(3);
        String path = start("sample/llama-mini", "v7");
        finished(path);
        Path directory = ROOT.resolve("data/models/sample@llama-mini/" + HubServer.commitOf("sample/llama-mini", "v7"));
        assertThat(directory).isDirectory();
        assertThat(api().delete(path).status()).isEqualTo(204);
        assertThat(directory).doesNotExist();
        assertThat(api().get(path).status()).isEqualTo(404);
    }

    @Test
    void aServerThatIsBusyIsAskedAgain() {
        hub.serve(repository, LLAMA, Odd.BUSY_AT_FIRST, store);
        succeeded(repository, "main");
    }
}
