package io.shiftadd.registry.model;

import io.shiftadd.model.family.Modality;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A registered model. Its files never change: another content is another model. */
@Entity
@Table(schema = "registry", name = "model")
class Model {

    @Id
    private UUID id;

    private String name;
    private String family;

    @Enumerated(EnumType.STRING)
    private ModelKind kind;

    private String location;
    private String digest;
    private long parameters;
    private long sizeBytes;

    @JdbcTypeCode(SqlTypes.JSON)
    private ModelShape shape;

    private @Nullable UUID parentId;
    private @Nullable UUID jobId;
    private @Nullable String method;
    private @Nullable Double meanBits;
    private Instant createdAt;

    @ElementCollection
    @CollectionTable(schema = "registry", name = "model_file", joinColumns = @JoinColumn(name = "model_id"))
    private Set<ModelFile> files = new HashSet<>();

    @Version
    private @Nullable Long version;

    @SuppressWarnings("NullAway.Init") // for Hibernate, which fills the fields
    protected Model() {}

    Model(String name, ModelDirectory directory, InspectedModel inspected, Instant createdAt) {
        this.id = UUID.randomUUID();
        this.name = name;
        this.family = inspected.family();
        this.kind = inspected.kind();
        this.method = inspected.method();
        this.location = directory.location().toString();
        this.digest = directory.digest();
        this.parameters = inspected.parameters();
        this.sizeBytes = directory.sizeBytes();
        this.shape = inspected.shape();
        this.createdAt = createdAt;
        this.files.addAll(directory.files());
    }

    UUID id() {
        return id;
    }

    String name() {
        return name;
    }

    ModelKind kind() {
        return kind;
    }

    String digest() {
        return digest;
    }

    ModelShape shape() {
        return shape;
    }

    @Nullable
    UUID parentId() {
        return parentId;
    }

    List<ModelFile> files() {
        return files.stream().sorted(Comparator.comparing(ModelFile::path)).toList();
    }

    ModelView view() {
        return new ModelView(
                id,
                name,
                family,
                Modality.ofFamily(family),
                kind,
                location,
                digest,
                parameters,
                sizeBytes,
                shape,
                parentId,
                jobId,
                method,
                meanBits,
                createdAt);
    }
}
