package io.shiftadd.registry.imageset;

import io.shiftadd.registry.storage.AllowedRoots;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** @param roots the directories that sets of images may be registered from */
@ConfigurationProperties("shiftadd.image-sets")
record ImageSetProperties(List<Path> roots) {

    AllowedRoots allowedRoots() {
        return new AllowedRoots(roots);
    }
}
