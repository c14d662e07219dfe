package io.shiftadd.registry.storage;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The directories that paths from requests must stay in. Links are followed first, so that a link cannot lead out.
 */
public final class AllowedRoots {

    private final List<Path> roots;

    /** Roots that do not exist (yet) are kept: they may be made later. */
    public AllowedRoots(List<Path> roots) {
        this.roots = roots.stream()
                .map(root -> root.toAbsolutePath().normalize())
                .distinct()
                .toList();
    }

    /** The roots, for messages. */
    public String describe() {
        return String.join(", ", roots.stream().map(Path::toString).toList());
    }

    /**
     * The real path of what a request names: absolute, or relative to one of the roots or to the working directory.
     *
     * @return null when there is nothing of that name inside a root; whether something lies outside is not told
     */
    public @Nullable Path resolve(String path) {
        for (Path candidate : candidates(path)) {
            Path real = real(candidate);
            if (real != null && contains(real)) {
                return real;
            }
        }
        return null;
    }

    /** Whether a path, its links followed, lies inside a root. */
    public boolean contains(Path path) {
        Path real = real(path);
        return real != null
                && roots.stream().map(AllowedRoots::real).anyMatch(root -> root != null && real.startsWith(root));
    }

    private List<Path> candidates(String path) {
        try {
            Path given = Path.of(path);
            if (given.isAbsolute()) {
                return List.of(given);
            }
            List<Path> candidates = new ArrayList<>();
            roots.forEach(root -> candidates.add(root.resolve(given)));
            candidates.add(given.toAbsolutePath());
            return candidates;
        } catch (InvalidPathException e) {
            return List.of();
        }
    }

    private static @Nullable Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return null;
        }
    }
}
