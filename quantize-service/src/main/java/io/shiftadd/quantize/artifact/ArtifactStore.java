package io.shiftadd.quantize.artifact;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Immutable directories of files under the SHA-256 of their manifest. */
public interface ArtifactStore {

    /**
     * @param digest the artifact's address
     * @param location what the registry writes down for those who load it
     * @param files all files but the manifest
     */
    record Published(String digest, String location, Manifest manifest) {}

    /**
     * Moves an assembled directory into the store. Publishing the same content twice is the same as once.
     *
     * @param staged on the store's file system; gone afterwards
     */
    Published publish(Path staged) throws IOException;

    /**
     * Where a model lies on this machine, whole and verified; brought here if need be.
     *
     * @param location as the registry wrote it down: of an artifact of this store, or a directory
     */
    default Path local(String location) throws IOException {
        return Path.of(location);
    }

    /** @param since when it was published */
    record Stored(String digest, Instant since) {}

    List<Stored> list() throws IOException;

    void delete(String digest) throws IOException;
}
