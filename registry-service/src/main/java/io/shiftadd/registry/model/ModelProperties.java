package io.shiftadd.registry.model;

import io.shiftadd.registry.storage.AllowedRoots;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * @param roots the directories that models may be imported from
 */
@ConfigurationProperties("shiftadd.models")
record ModelProperties(List<Path> roots) {

    AllowedRoots allowedRoots() {
        return new AllowedRoots(roots);
    }
}
