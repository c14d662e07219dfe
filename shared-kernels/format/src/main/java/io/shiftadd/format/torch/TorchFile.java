package io.shiftadd.format.torch;

import io.shiftadd.format.ChangedFile;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.MappedFile;
import io.shiftadd.format.TensorType;
import io.shiftadd.format.TensorView;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * A {@code pytorch_model.bin} or a shard of one, mapped read-only. No code of its pickle runs; see {@link
 * TorchArchive}.
 */
public final class TorchFile implements Checkpoint {

    private final MappedFile file;
    private final TorchArchive archive;

    private TorchFile(MappedFile file, TorchArchive archive) {
        this.file = file;
        this.archive = archive;
    }

    public static TorchFile open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            String where = path.toString();
            return ChangedFile.watch(where, () -> new TorchFile(file, TorchArchive.read(file.bytes(), where)));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    public Path path() {
        return file.path();
    }

    public Collection<TorchArchive.Storage> storages() {
        return archive.storages();
    }

    @Override
    public Set<String> names() {
        return archive.names();
    }

    @Override
    public TensorView tensor(String name) {
        requireKnown(name);
        return ChangedFile.watch(file.path().toString(), () -> archive.tensor(name));
    }

    @Override
    public TensorType type(String name) {
        requireKnown(name);
        return archive.type(name);
    }

    private void requireKnown(String name) {
        if (!archive.names().contains(name)) {
            throw Checkpoint.missing(name, file.path(), archive.names().size());
        }
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of("format", "pt");
    }

    @Override
    public void close() {
        file.close();
    }
}
