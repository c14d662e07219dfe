package io.shiftadd.quantize.job.run;

import io.shiftadd.job.ImageSetId;
import io.shiftadd.job.ModelId;
import io.shiftadd.job.TextId;
import io.shiftadd.quantize.artifact.ArtifactStore;
import io.shiftadd.quantize.job.lease.DatabasePatience;
import io.shiftadd.quantize.job.run.SourceModel.RegisteredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what the registry knows of the models and texts that a job names. */
public final class RegistryRows {

    private final JdbcClient jdbc;
    private final DatabasePatience patience;
    private final ArtifactStore artifacts;

    public RegistryRows(JdbcClient jdbc, DatabasePatience patience, ArtifactStore artifacts) {
        this.jdbc = jdbc;
        this.patience = patience;
        this.artifacts = artifacts;
    }

    public SourceModel model(ModelId id) {
        return find(id).orElseThrow(() -> new JobRefusedException(
                "the model " + id + " is no longer registered", "Import the model again and post a new job."));
    }

    public Optional<SourceModel> find(ModelId id) {
        return patience.call(() -> jdbc.sql("select * from registry.model where id = :id")
                .param("id", id.value())
                .query((row, number) -> new SourceModel(
                        id,
                        row.getString("name"),
                        row.getString("family"),
                        row.getString("kind"),
                        local(row.getString("location")),
                        row.getString("digest"),
                        row.getLong("parameters"),
                        row.getLong("size_bytes"),
                        row.getString("shape"),
                        row.getString("method"),
                        row.getObject("mean_bits", Double.class),
                        parent(row.getObject("parent_id", UUID.class))))
                .optional());
    }

    private static @Nullable ModelId parent(@Nullable UUID id) {
        return id == null ? null : new ModelId(id);
    }

    public List<RegisteredFile> files(SourceModel model) {
        return patience.call(() -> jdbc.sql(
                        "select path, size_bytes, sha256 from registry.model_file where model_id = :model order by path")
                .param("model", model.id().value())
                .query((row, number) -> new RegisteredFile(
                        model.base().resolve(row.getString("path")),
                        row.getLong("size_bytes"),
                        row.getString("sha256")))
                .list());
    }

    public RegisteredFile text(TextId id) {
        return patience.call(() -> jdbc.sql("select location, size_bytes, sha256 from registry.text where id = :id")
                .param("id", id.value())
                .query((row, number) -> new RegisteredFile(
                        Path.of(row.getString("location")), row.getLong("size_bytes"), row.getString("sha256")))
                .optional()
                .orElseThrow(() -> new JobRefusedException(
                        "the text " + id + " is no longer registered", "Register the text again and post a new job.")));
    }

    /**
     * A set of images as it was registered.
     *
     * @param location of the set, in whichever form
     */
    public record SourceImages(String name, Path location, long sizeBytes, String sha256) {}

    public SourceImages images(ImageSetId id) {
        return patience.call(() -> jdbc.sql(
                        "select name, location, size_bytes, sha256 from registry.image_set where id = :id")
                .param("id", id.value())
                .query((row, number) -> new SourceImages(
                        row.getString("name"),
                        Path.of(row.getString("location")),
                        row.getLong("size_bytes"),
                        row.getString("sha256")))
                .optional()
                .orElseThrow(() -> new JobRefusedException(
                        "the image set " + id + " is no longer registered",
                        "Register the set again and post a new job.")));
    }

    private Path local(String location) {
        try {
            return artifacts.local(location);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
