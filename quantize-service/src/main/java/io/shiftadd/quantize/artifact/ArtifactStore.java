package io.shiftadd.quantize.artifact;

import java.io.IOException;
import java.nio.file.Path;
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

    /** Digests of everything that is stored. */
    List<String> list() throws IOException;

    void delete(String digest) throws IOException;

    /** Removes what a crash left half-published. To be called while nobody publishes. */
    void sweep() throws IOException;
}
