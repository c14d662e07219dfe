package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFailureIT {

    private static final Duration SOON = Duration.ofMinutes(2);

    @TempDir
    private static Path directory;

    private static Registry registry;
    private static Worker worker;

    @BeforeAll
    static void start() throws Exception {
        registry = new Registry();
        worker = Worker.start(registry, directory.resolve("data"), Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        worker.close();
        registry.close();
    }

    private static Path model(String name) throws Exception {
        Path model = Files.createDirectories(directory.resolve(name));
        Files.writeString(model.resolve("config.json"), "{}");
        return model;
    }

    @Test
    void refusesAFileThatChangedAfterRegistration() throws Exception {
        Path files = model("changed");
        UUID model = registry.addModel("changed", files);
        Files.writeString(files.resolve("config.json"), "[]");

        UUID job = registry.job(model).post("changed-acc");

        await().atMost(SOON).until(() -> registry.stateOf(job).equals("FAILED"));
        assertThat(registry.column(job, "cause", String.class))
                .contains("config.json")
                .contains("has changed since it was registered");
        assertThat(registry.column(job, "remedy", String.class)).contains("Restore the file");
        assertThat(registry.column(job, "attempt", Integer.class)).isEqualTo(1);
        assertThat(registry.events(job, "error")).hasSize(1);
    }

    @Test
    void refusesAFileThatIsGone() throws Exception {
        Path files = model("gone");
        UUID model = registry.addModel("gone", files);
        Files.delete(files.resolve("config.json"));

        UUID job = registry.job(model).post("gone-acc");

        await().atMost(SOON).until(() -> registry.stateOf(job).equals("FAILED"));
        assertThat(registry.column(job, "cause", String.class)).endsWith("config.json is gone");
    }

    @Test
    void goesOnWhereItFailedWhenItIsRetried() throws Exception {
        Path files = model("restored");
        UUID model = registry.addModel("restored", files);
        Path config = files.resolve("config.json");
        Files.delete(config);
        UUID job = registry.job(model).post("restored-acc");
        await().atMost(SOON).until(() -> registry.stateOf(job).equals("FAILED"));

        Files.writeString(config, "no");
        registry.jdbc()
                .sql("update registry.job set state = 'QUEUED' where id = :job")
                .param("job", job)
                .update();

        await().atMost(SOON).until(() -> registry.stateOf(job).equals("FAILED"));
        assertThat(registry.column(job, "cause", String.class)).contains("has changed since");
        assertThat(registry.column(job, "attempt", Integer.class)).isEqualTo(2);
    }

    @Test
    void endsAJobThatKillsItsWorkersAndGoesOnWithTheOthers() throws Exception {
        UUID model = registry.addModel("poisoned", TinyModel.write(directory.resolve("poisoned")));
        UUID poisoned = UUID.randomUUID();
        registry.jdbc().sql("""
                insert into registry.job (id, kind, model_id, settings, output_name, not_before)
                values (:id, 'REPARAMETERIZE', :model, '{}', 'poisoned-acc', now() + interval '1 day')""").param("id", poisoned).param("model", model).update();
        registry.jdbc().sql("""
                insert into registry.job_event (job_id, type, data)
                select :job, 'recovered', '{"lost": "somebody"}' from generate_series(1, 10)""").param("job", poisoned).update();
        // As its eleventh worker leaves it.
        registry.jdbc().sql("""
                update registry.job set state = 'RUNNING', attempt = 1, lease_owner = 'dead', lease_version = 11,
                    lease_until = now() - interval '1 second' where id = :job""").param("job", poisoned).update();

        await().atMost(SOON).until(() -> registry.stateOf(poisoned).equals("FAILED"));
        assertThat(registry.column(poisoned, "cause", String.class)).contains("the worker died 11 times");
        assertThat(registry.column(poisoned, "remedy", String.class)).contains("memory");
        UUID other = registry.job(model)
                .kind("EVALUATE")
                .settings(Map.of("sequenceLength", 8, "evaluationWindows", 1))
                .post(null);
        await().atMost(SOON).until(() -> registry.stateOf(other).equals("SUCCEEDED"));
    }
}
