package io.shiftadd.format.safetensors;

import io.shiftadd.format.ChangedFile;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.MappedFile;
import io.shiftadd.format.TensorInfo;
import io.shiftadd.format.TensorView;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * A safetensors file, mapped read-only and validated as a whole before anything is read from it. Thread-safe. Views
 * are valid until {@link #close()}.
 *
 * <p>Layout: header length (8 bytes, little-endian), header (JSON), data. Offsets in the header are relative to the
 * data. See <a href="https://huggingface.co/docs/safetensors">the format's description</a>.
 */
public final class SafetensorsFile implements Checkpoint {

    private final MappedFile file;
    private final SafetensorsHeader header;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header) {
        this.file = file;
        this.header = header;
    }

    /**
     * @throws FormatException when the file does not exist or breaks a rule of the format
     * @throws java.io.UncheckedIOException when it cannot be read
     */
    public static SafetensorsFile open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            return ChangedFile.watch(path.toString(), () -> new SafetensorsFile(file, SafetensorsHeader.read(file)));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    public Path path() {
        return file.path();
    }

    /** Offset in the file at which the data begins. */
    public long dataStart() {
        return header.dataStart();
    }

    /** By name, in the order of the data. */
    public Map<String, TensorInfo> tensors() {
        return header.tensors();
    }

    @Override
    public Map<String, String> metadata() {
        return header.metadata();
    }

    @Override
    public Set<String> names() {
        return header.tensors().keySet();
    }

    @Override
    public TensorView tensor(String name) {
        TensorInfo info = header.tensors().get(name);
        if (info == null) {
            throw Checkpoint.missing(name, file.path(), names().size());
        }
        return new TensorView(
                name,
                info.dtype(),
                info.shape(),
                file.bytes().asSlice(header.dataStart() + info.begin(), info.byteSize()));
    }

    @Override
    public void close() {
        file.close();
    }
}
