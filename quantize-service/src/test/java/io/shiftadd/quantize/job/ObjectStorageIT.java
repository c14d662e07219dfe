package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.quantize.artifact.Manifest;
import io.shiftadd.quantize.artifact.ObjectStorageServer;
import io.shiftadd.store.ArtifactCache;
import io.shiftadd.store.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that share a database and object storage, but no disk. */
class ObjectStorageIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    private Worker start(Registry registry, ObjectStorageServer server, String name, Map<String, ?> given) {
        Map<String, Object> settings = new HashMap<>(given);
        settings.put("shiftadd.jobs.worker", name);
        settings.put("shiftadd.artifacts.s3.endpoint", server.endpoint());
        settings.put("shiftadd.artifacts.s3.bucket", ObjectStorageServer.BUCKET);
        settings.put("shiftadd.artifacts.s3.prefix", "shiftadd");
        settings.put("shiftadd.artifacts.s3.access-key", server.accessKey());
        settings.put("shiftadd.artifacts.s3.secret-key", server.secretKey());
        return Worker.start(registry, directory.resolve(name), settings);
    }

    /** Both could take the partitions, but only one has the files of the job. */
    @Test
    void aJobsBlocksGoToTheWorkersThatSeeItsFiles() throws Exception {
        try (ObjectStorageServer server = ObjectStorageServer.start(directory);
                Registry registry = new Registry();
                Worker other = start(registry, server, "other", Map.of("shiftadd.jobs.poll", "1h"))) {
            UUID model = registry.addModel("tiny", TinyModel.write(directory.resolve("tiny")));
            Map<String, Object> settings = new HashMap<>(Samples.settings("acc", 2));
            settings.put("calibration", "original");
            UUID job = registry.job(model).settings(settings).post("on-one-disk");
            try (Worker holder = start(registry, server, "holder", Map.of())) {
                registry.awaitSuccess(job, LIMIT);
            }
            assertThat(registry.jdbc()
                            .sql("select distinct worker from registry.job_layer where job_id = :job")
                            .param("job", job)
                            .query(String.class)
                            .list())
                    .containsExactly("holder");
            assertThat(directory.resolve("other").resolve("work").resolve("disk.id"))
                    .isRegularFile();
        }
    }

    @Test
    void oneMachinePublishesAndAnotherEvaluatesWhatItHasNeverSeen() throws Exception {
        try (ObjectStorageServer server = ObjectStorageServer.start(directory);
                ObjectStore objects = new ObjectStore(server.settings("shiftadd"));
                Registry registry = new Registry()) {
            UUID model = registry.addModel("tiny", TinyModel.write(directory.resolve("tiny")));
            UUID job = registry.job(model).settings(Samples.settings("acc", 2)).post("published");
            try (Worker one = start(registry, server, "one", Map.of())) {
                registry.awaitSuccess(job, LIMIT);
            }
            UUID result = registry.column(job, "result_model_id", UUID.class);
            String digest = registry.modelColumn(result, "digest", String.class);
            assertThat(registry.modelColumn(result, "location", String.class))
                    .isEqualTo("s3://models/shiftadd/" + digest);
            assertThat(directory.resolve("one/artifacts")).doesNotExist();

            UUID evaluation = registry.job(result)
                    .kind("EVALUATE")
                    .settings(Map.of("sequenceLength", 32, "evaluationWindows", 2))
                    .post(null);
            try (Worker two = start(registry, server, "two", Map.of())) {
                registry.awaitSuccess(evaluation, LIMIT);
            }
            assertThat(directory.resolve("two/cache").resolve(digest)).isDirectory();

            Path fetched = new ArtifactCache(directory.resolve("three"), objects).fetch(objects.location(digest));
            assertThat(Manifest.of(fetched)).isEqualTo(Manifest.read(fetched));
            try (CausalLanguageModel served = CausalLanguageModel.open(fetched)) {
                assertThat(served.blockCount()).isEqualTo(TinyModel.BLOCKS);
            }
            assertThat(Files.exists(server.fileOf("shiftadd/" + digest + "/manifest.json")))
                    .isTrue();
        }
    }
}
