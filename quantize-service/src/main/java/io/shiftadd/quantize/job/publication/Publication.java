package io.shiftadd.quantize.job.publication;

import io.shiftadd.job.ModelId;
import io.shiftadd.quantize.artifact.ArtifactStore.Published;
import io.shiftadd.quantize.artifact.Manifest;
import io.shiftadd.quantize.artifact.Sha256;
import io.shiftadd.quantize.job.run.JobRefusedException;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.ModelMetrics;
import io.shiftadd.quantize.job.run.SourceModel;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows that end a job well: model, files, metrics and the state SUCCEEDED, all in one fenced transaction. */
public final class Publication {

    private static final String MODEL = """
            insert into registry.model (id, name, family, kind, location, digest, parameters, size_bytes, shape,
                parent_id, job_id, method, mean_bits)
            values (:id, :name, :family, 'REPARAMETERIZED', :location, :digest, :parameters, :size, :shape::jsonb,
                :parent, :job, :method, :meanBits)""";

    private static final String SUCCEEDED = """
            update registry.job set
                state = 'SUCCEEDED', result_model_id = :model, progress = 1, eta_seconds = null, cause = null,
                remedy = null, lease_owner = null, lease_until = null, finished_at = now()
            where id = :job""";

    private Publication() {}

    static void write(
            JdbcClient client,
            JobRun run,
            SourceModel source,
            Published artifact,
            double meanBits,
            Map<String, Double> metrics) {
        String name = run.job().outputName();
        if (name == null) {
            throw new IllegalStateException("job " + run.job().id() + " has no name for its result");
        }
        refuseTakenName(client, name);
        ModelId id = new ModelId(UUID.randomUUID());
        client.sql(MODEL)
                .param("id", id.value())
                .param("name", name)
                .param("family", source.family())
                .param("location", artifact.location())
                .param("digest", artifact.digest())
                .param("parameters", source.parameters())
                .param("size", artifact.manifest().sizeBytes())
                .param("shape", source.shape())
                .param("parent", source.id().value())
                .param("job", run.job().id().value())
                .param("method", run.settings().methodOrDefault().word())
                .param("meanBits", meanBits)
                .update();
        writeFiles(client, id, artifact);
        ModelMetrics.write(client, run.lease(), metrics);
        succeed(client, run, id);
    }

    /** @param model that came of it, if any */
    public static void succeed(JdbcClient client, JobRun run, @Nullable ModelId model) {
        client.sql("""
                        insert into registry.job_metric (job_id, name, value)
                        select id, 'seconds_total', extract(epoch from clock_timestamp() - started_at)
                        from registry.job where id = :job
                        on conflict (job_id, name) do update set value = excluded.value""").param("job", run.job().id().value()).update();
        client.sql(SUCCEEDED)
                .param("model", model == null ? null : model.value())
                .param("job", run.job().id().value())
                .update();
    }

    private static void refuseTakenName(JdbcClient client, String name) {
        boolean taken = client.sql("select exists (select 1 from registry.model where name = :name)")
                .param("name", name)
                .query(Boolean.class)
                .single();
        if (taken) {
            throw new JobRefusedException(
                    "a model named '" + name + "' was registered while the job ran",
                    "Remove or keep that model, and post the job again with another name.");
        }
    }

    private static void writeFiles(JdbcClient client, ModelId model, Published artifact) {
        byte[] manifest = artifact.manifest().toBytes();
        for (Manifest.Entry file : artifact.manifest().files()) {
            writeFile(client, model, file.path(), file.size(), file.sha256());
        }
        writeFile(client, model, Manifest.FILE, manifest.length, Sha256.of(manifest));
    }

    private static void writeFile(JdbcClient client, ModelId model, String path, long size, String sha256) {
        client.sql(
                        "insert into registry.model_file (model_id, path, size_bytes, sha256) values (:model, :path, :size, :sha)")
                .param("model", model.value())
                .param("path", path)
                .param("size", size)
                .param("sha", sha256)
                .update();
    }
}
