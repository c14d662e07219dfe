package io.shiftadd.registry.imageset;

import io.shiftadd.model.vision.ImageSet;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A registered set of images. */
@Entity
@Table(schema = "registry", name = "image_set")
class RegisteredImages {

    @Id
    private UUID id;

    private String name;
    private String location;
    private int images;

    @JdbcTypeCode(SqlTypes.JSON)
    private List<String> classes;

    private long sizeBytes;
    private String sha256;
    private Instant createdAt;

    @Version
    private @Nullable Long version;

    @SuppressWarnings("NullAway.Init") // for Hibernate, which fills the fields
    protected RegisteredImages() {}

    RegisteredImages(String name, Path location, ImageSet set, String sha256, Instant createdAt) {
        this.id = UUID.randomUUID();
        this.name = name;
        this.location = location.toString();
        this.images = set.size();
        this.classes = set.classes();
        this.sizeBytes = set.sizeBytes();
        this.sha256 = sha256;
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

    ImageSetView view() {
        return new ImageSetView(id, name, location, images, List.copyOf(classes), sizeBytes, sha256, createdAt);
    }
}
