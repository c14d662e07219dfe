package io.shiftadd.quantize.artifact;

import io.shiftadd.store.ArtifactCache;
import io.shiftadd.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Artifacts in object storage, for machines that share no disk: objects {@code <sha256>/<file>}. The manifest is
 * written last; an artifact without one does not exist.
 */
public final class ObjectArtifactStore implements ArtifactStore {

    private static final Pattern MANIFEST = Pattern.compile("[0-9a-f]{64}/" + Pattern.quote(Manifest.FILE));
    private static final Pattern OBJECT = Pattern.compile("[0-9a-f]{64}/.*");
    private static final int DIGEST = 64;

    private final ObjectStore store;
    private final ArtifactCache cache;

    public ObjectArtifactStore(ObjectStore store, ArtifactCache cache) {
        this.store = store;
        this.cache = cache;
    }

    @Override
    public Published publish(Path staged) throws IOException {
        Manifest manifest = Manifest.of(staged);
        Path description = Files.write(staged.resolve(Manifest.FILE), manifest.toBytes());
        String digest = manifest.digest();
        for (Manifest.Entry file : manifest.files()) {
            // Also what is there already: whether its bytes are right, only reading them would tell.
            store.put(digest + "/" + file.path(), staged.resolve(file.path()));
        }
        for (Manifest.Entry file : manifest.files()) {
            OptionalLong size = store.size(digest + "/" + file.path());
            if (size.isEmpty() || size.getAsLong() != file.size()) {
                throw new IOException("object " + digest + "/" + file.path() + " has " + size + " bytes after it was"
                        + " written, not " + file.size() + ". See what ails the object storage");
            }
        }
        store.put(digest + "/" + Manifest.FILE, description);
        DurableFiles.deleteTree(staged);
        return new Published(digest, store.location(digest), manifest);
    }

    @Override
    public Path local(String location) throws IOException {
        return ObjectStore.isLocation(location) ? cache.fetch(location) : Path.of(location);
    }

    /** What an upload that broke off has left is listed too, so that it can be deleted. */
    @Override
    public List<Stored> list() throws IOException {
        Map<String, Instant> newest = new LinkedHashMap<>();
        for (ObjectStore.Stored object : store.list("")) {
            if (OBJECT.matcher(object.key()).matches()) {
                newest.merge(object.key().substring(0, DIGEST), object.since(), (a, b) -> a.isAfter(b) ? a : b);
            }
        }
        List<Stored> stored = new ArrayList<>();
        newest.forEach((digest, since) -> stored.add(new Stored(digest, since)));
        return stored;
    }

    /** The manifest first: what is left when this breaks off is no artifact any more. */
    @Override
    public void delete(String digest) throws IOException {
        if (!MANIFEST.matcher(digest + "/" + Manifest.FILE).matches()) {
            throw new IllegalArgumentException("not the digest of an artifact: '" + digest + "'");
        }
        store.delete(digest + "/" + Manifest.FILE);
        for (ObjectStore.Stored object : store.list(digest + "/")) {
            store.delete(object.key());
        }
    }
}
