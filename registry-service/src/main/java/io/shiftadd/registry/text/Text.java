package io.shiftadd.registry.text;

import io.shiftadd.registry.storage.FileDigest;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A registered text. */
@Entity
@Table(schema = "registry", name = "text")
class Text {

    @Id
    private UUID id;

    private String name;
    private String location;
    private long sizeBytes;
    private String sha256;
    private Instant createdAt;
    private boolean uploaded;

    @Version
    private @Nullable Long version;

    @SuppressWarnings("NullAway.Init") // for Hibernate, which fills the fields
    protected Text() {}

    /** @param uploaded whether the file is the platform's own, written from an upload */
    Text(String name, Path location, FileDigest digest, boolean uploaded, Instant createdAt) {
        this.id = UUID.randomUUID();
        this.name = name;
        this.location = location.toString();
        this.sizeBytes = digest.sizeBytes();
        this.sha256 = digest.sha256();
        this.uploaded = uploaded;
        this.createdAt = createdAt;
    }

    UUID id() {
        return id;
    }

    String name() {
        return name;
    }

    String sha256() {
        return sha256;
    }

    Path location() {
        return Path.of(location);
    }

    boolean isUploaded() {
        return uploaded;
    }

    TextView view() {
        return new TextView(id, name, location, sizeBytes, sha256, createdAt);
    }
}
