package io.shiftadd.registry.text;

import io.shiftadd.registry.storage.AllowedRoots;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * @param roots the directories that texts may be registered from
 * @param uploads where uploaded texts are kept
 * @param maxSize the largest text that is accepted
 */
@ConfigurationProperties("shiftadd.texts")
record TextProperties(List<Path> roots, Path uploads, DataSize maxSize) {

    AllowedRoots allowedRoots() {
        return new AllowedRoots(roots);
    }
}
