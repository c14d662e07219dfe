package io.shiftadd.inference.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Samples;
import io.shiftadd.inference.Service;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedModelsIT {

    // Room for one of the two samples, which the registry says have 7,000,000 bytes each.
    private final Service service =
            new Service("shiftadd.inference.memory-bytes=10000000B", "shiftadd.inference.cache-bytes=64MB");

    @AfterEach
    void stop() {
        service.close();
    }

    private Service.Answer complete(String model) {
        return service.post(
                "/v1/completions", Map.of("model", model, "prompt", "Once", "max_tokens", 2, "temperature", 0));
    }

    private List<String> loaded() {
        return service.bean(ServedModels.class).loaded().stream()
                .map(RegisteredModel::name)
                .toList();
    }

    @Test
    void loadsOnFirstUseAndUnloadsTheLeastRecentlyUsed() {
        assertThat(loaded()).isEmpty();
        assertThat(complete("llama-mini").status()).isEqualTo(200);
        assertThat(loaded()).containsExactly("llama-mini");
        assertThat(complete("opt-mini").status()).isEqualTo(200);
        assertThat(loaded()).containsExactly("opt-mini");
        assertThat(complete("llama-mini").status()).isEqualTo(200);
    }

    @Test
    void tellsWhereAModelIsAndLoadsAndUnloadsItWhenAsked() {
        assertThat(service.get("/v1/models/llama-mini").json().at("/state").stringValue())
                .isEqualTo("unloaded");
        Service.Answer loading = service.post("/v1/models/llama-mini/load", "");
        assertThat(loading.json().at("/state").stringValue()).isEqualTo("loaded");
        assertThat(loading.json().at("/max_model_len").intValue()).isEqualTo(512);
        assertThat(loading.json().at("/capabilities/0").stringValue()).isEqualTo("completion");
        try (ServedModels.Lease lease = service.bean(ServedModels.class).acquire("llama-mini")) {
            Service.Answer refused = service.post("/v1/models/llama-mini/unload", "");
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.error().at("/code").stringValue()).isEqualTo("model_in_use");
            assertThat(lease.name()).isEqualTo("llama-mini");
        }
        assertThat(service.post("/v1/models/llama-mini/unload", "")
                        .json()
                        .at("/state")
                        .stringValue())
                .isEqualTo("unloaded");
        assertThat(loaded()).isEmpty();
    }

    @Test
    void unloadsWhatNobodyHasUsedForAWhile() {
        try (Service idling = new Service("shiftadd.inference.idle-unload=300ms")) {
            ServedModels models = idling.bean(ServedModels.class);
            models.acquire("llama-mini").close();
            assertThat(models.loaded()).hasSize(1);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> models.loaded().isEmpty());
        }
    }

    @Test
    void neverUnloadsWhatIsInUse() {
        try (ServedModels.Lease lease = service.bean(ServedModels.class).acquire("llama-mini")) {
            Service.Answer answer = complete("opt-mini");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.error().at("/message").stringValue()).contains("in use", "memory-bytes");
            assertThat(answer.header("retry-after")).isNotEmpty();
            assertThat(lease.name()).isEqualTo("llama-mini");
        }
        assertThat(complete("opt-mini").status()).isEqualTo(200);
    }

    @Test
    void loadsOnceHoweverManyAsk() {
        List<CompletableFuture<Service.Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            answers.add(CompletableFuture.supplyAsync(() -> complete("llama-mini"), Thread::startVirtualThread));
        }
        answers.forEach(answer -> assertThat(answer.join().status()).isEqualTo(200));
        assertThat(loaded()).containsExactly("llama-mini");
    }

    @Test
    void servesWhatIsLoadedWhileTheRegistryIsAway() {
        assertThat(complete("llama-mini").status()).isEqualTo(200);
        service.get("/v1/models");
        service.registry.setAway(true);
        assertThat(complete("llama-mini").status()).isEqualTo(200);
        assertThat(service.get("/v1/models").json().at("/data")).hasSize(2);
        Service.Answer unknown = complete("never-seen");
        assertThat(unknown.status()).isEqualTo(503);
        assertThat(unknown.error().at("/code").stringValue()).isEqualTo("registry_unavailable");
        service.registry.setAway(false);
        assertThat(complete("never-seen").status()).isEqualTo(404);
    }

    @Test
    void servesNewModelsAndForgetsDeletedOnesWithoutARestart() {
        assertThat(complete("fresh").status()).isEqualTo(404);
        service.registry.add("fresh", Samples.model("llama-mini").toString(), 7_000_000);
        assertThat(complete("fresh").status()).isEqualTo(200);
        service.registry.remove("fresh");
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> complete("fresh").status() == 404);
    }

    private static Path copy(Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(Samples.model("llama-mini"))) {
            for (Path file : files.toList()) {
                Files.write(to.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
        return to;
    }

    /** Another weight, of the same length: what a poisoned model differs by. */
    private static void flip(Path directory) throws IOException {
        try (FileChannel file = FileChannel.open(
                directory.resolve("model.safetensors"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, file.size() - 12);
            one.put(0, (byte) (one.get(0) ^ 1)).rewind();
            file.write(one, file.size() - 12);
        }
    }

    @Test
    void anOriginalThatWasPoisonedBeforeItsFirstUseIsNotServed(@TempDir Path root) throws IOException {
        Path evil = copy(root.resolve("evil"));
        service.registry.add("evil", evil.toString(), 7_000_000);
        flip(evil);
        Service.Answer answer = complete("evil");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.error().at("/message").stringValue()).contains("changed since it was registered");
        assertThat(answer.header("retry-after")).isEmpty();
        assertThat(answer.header("x-should-retry")).contains("false");
        assertThat(complete("llama-mini").status()).isEqualTo(200);
    }

    @Test
    void aPoisonedCopyThatIsAskedFirstDoesNotKeepTheGoodOneFromBeingServed(@TempDir Path root) throws IOException {
        Path evil = copy(root.resolve("evil"));
        Path good = copy(root.resolve("good"));
        service.registry.add("evil", evil.toString(), 7_000_000);
        service.registry.add("good", good.toString(), 7_000_000);
        flip(evil);
        String right = complete("llama-mini").json().at("/choices/0/text").stringValue();
        service.bean(ServedModels.class).close();
        assertThat(complete("evil").status()).isEqualTo(503);
        Service.Answer answer = complete("good");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().at("/choices/0/text").stringValue()).isEqualTo(right);
    }

    @Test
    void noticesWeightsThatChangeWhileTheyAreLoadedAndServesThemAgainWhenTheyAreRestored(@TempDir Path root)
            throws IOException {
        Path model = copy(root.resolve("model"));
        service.registry.add("model", model.toString(), 7_000_000);
        assertThat(complete("model").status()).isEqualTo(200);
        flip(model);
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> complete("model").status() == 503);
        flip(model);
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> complete("model").status() == 200);
    }

    /** Who has read an answer to its end has had all of it. */
    @Test
    void aModelCanBeUnloadedAsSoonAsItsAnswerHasBeenRead() {
        Map<String, Object> body = Map.of("model", "opt-mini", "prompt", "Once", "max_tokens", 4, "stream", true);
        for (int i = 0; i < 20; i++) {
            assertThat(service.stream("/v1/completions", body)).last().isNotNull();
            Service.Answer answer = service.post("/v1/models/opt-mini/unload", "{}");
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        }
    }

    /** Begins an endless stream of a model, and returns its last line that is not empty. */
    private CompletableFuture<String> stream(String model) {
        Map<String, Object> body = Map.of(
                "model",
                model,
                "prompt",
                "Once",
                "n",
                64,
                "max_tokens",
                450,
                "stream",
                true,
                "logit_bias",
                Map.of("2", -100));
        Stream<String> lines = service.stream("/v1/completions", body);
        return CompletableFuture.supplyAsync(
                () -> lines.filter(line -> !line.isBlank()).reduce("", (_, line) -> line), Thread::startVirtualThread);
    }

    private String health() {
        return service.get("/health").status() + " "
                + service.get("/actuator/health").status();
    }

    @Test
    void weightsWrittenToWhileTheyAreServedEndTheModelWithAReasonUntilTheyAreWhole(@TempDir Path root)
            throws IOException {
        Path model = copy(root.resolve("model"));
        Path file = model.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(file);
        service.registry.add("model", model.toString(), 7_000_000);
        assertThat(complete("model").status()).isEqualTo(200);
        assertThat(health()).isEqualTo("200 200");
        CompletableFuture<String> running = stream("model");
        flip(model);
        assertThat(running.join()).contains("model.safetensors was written to while it was served");
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> health().equals("503 503"));
        assertThat(service.get("/health").json().at("/models/model").stringValue())
                .contains("model.safetensors");
        assertThat(service.get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(service.get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(complete("opt-mini").status()).isEqualTo(200);
        Files.write(file, whole);
        // Nobody has to ask for it.
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> health().equals("200 200"));
        assertThat(complete("model").status()).isEqualTo(200);
    }

    @Test
    void aModelFileThatIsCutShortWhileItIsServedEndsTheModelWithAReason(@TempDir Path root) throws IOException {
        Path model = copy(root.resolve("model"));
        service.registry.add("model", model.toString(), 7_000_000);
        assertThat(complete("model").status()).isEqualTo(200);
        CompletableFuture<String> running = stream("model");
        try (FileChannel file = FileChannel.open(model.resolve("model.safetensors"), StandardOpenOption.WRITE)) {
            file.truncate(4_096);
        }
        assertThat(running.join()).contains("\"code\":\"engine_stopped\"", "Restore");
        service.registry.remove("model");
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> health().equals("200 200"));
    }

    @Test
    void aModelWhoseEngineDiedIsLoadedAgainByItself() {
        ServedModels models = service.bean(ServedModels.class);
        LoadedModel died;
        try (ServedModels.Lease lease = models.acquire("llama-mini")) {
            died = lease.model();
            died.engine().stop("made up");
        }
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            try (ServedModels.Lease lease = models.acquire("llama-mini")) {
                return lease.model() != died;
            }
        });
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> health().equals("200 200"));
        assertThat(complete("llama-mini").status()).isEqualTo(200);
    }

    @Test
    void doesNotServeWeightsThatAreNoNumbers(@TempDir Path root) throws IOException {
        Path model = copy(root.resolve("model"));
        Path file = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 11] = 0x7E;
        Files.write(file, bytes);
        service.registry.add("nan", model.toString(), 7_000_000);
        Service.Answer answer = complete("nan");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.error().at("/message").stringValue()).contains("tensor '", "element", "NaN");
    }

    @Test
    void saysWhyAModelCannotBeLoaded(@TempDir Path empty) throws IOException {
        service.registry.add("gone", empty.resolve("nothing").toString(), 100);
        service.registry.add("hollow", empty.toString(), 100);
        Files.writeString(
                Files.createDirectory(empty.resolve("strange")).resolve("config.json"),
                "{\"architectures\":[\"StrangeModel\"],\"model_type\":\"strange\"}");
        service.registry.add("strange", empty.resolve("strange").toString(), 100);
        service.registry.add(
                "large", Files.createDirectory(empty.resolve("wide")).toString(), 1L << 40);
        for (Map.Entry<String, String> expected : Map.of(
                        "gone", "nothing at", "hollow", "config.json", "strange", "trange", "large", "memory-bytes")
                .entrySet()) {
            Service.Answer answer = complete(expected.getKey());
            assertThat(answer.status()).as(answer.body()).isEqualTo(503);
            assertThat(answer.error().at("/code").stringValue()).isEqualTo("model_load_failed");
            assertThat(answer.error().at("/message").stringValue()).contains(expected.getKey(), expected.getValue());
        }
    }
}
