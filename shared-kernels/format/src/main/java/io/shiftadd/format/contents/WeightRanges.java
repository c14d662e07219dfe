package io.shiftadd.format.contents;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.gguf.GgmlType;
import io.shiftadd.format.gguf.GgufFile;
import io.shiftadd.format.safetensors.SafetensorsFile;
import io.shiftadd.format.torch.TorchFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where in its files a model's floating-point weights lie. */
final class WeightRanges {

    private static final Map<DType, WeightScan> SCANS = Map.of(
            DType.F32,
            WeightScan.F32,
            DType.F16,
            WeightScan.F16,
            DType.BF16,
            WeightScan.BF16,
            DType.F64,
            WeightScan.F64);

    private final Map<Path, List<WeightRange>> byFile = new HashMap<>();

    /**
     * A tensor's bytes, or those that several share.
     *
     * @param names in the checkpoint, which for GGUF are the originals'
     * @param begin offset in the file
     * @param scan finds what is not finite in them
     */
    record WeightRange(Set<String> names, long[] shape, long begin, long end, WeightScan scan) {}

    /** Empty for what cannot be opened: who opens it next says why. */
    static WeightRanges of(Path location) {
        WeightRanges ranges = new WeightRanges();
        try (Checkpoint checkpoint = Checkpoint.open(location)) {
            switch (checkpoint) {
                case SafetensorsFile file -> ranges.add(file);
                case ShardedCheckpoint sharded -> sharded.files().forEach(ranges::addAny);
                default -> ranges.addAny(checkpoint);
            }
        } catch (FormatException e) {
            return new WeightRanges();
        }
        ranges.byFile.values().forEach(list -> list.sort(Comparator.comparingLong(WeightRange::begin)));
        return ranges;
    }

    private void addAny(Checkpoint checkpoint) {
        switch (checkpoint) {
            case SafetensorsFile file -> add(file);
            case GgufFile gguf -> add(gguf);
            case TorchFile file -> add(file);
            default -> throw new IllegalStateException("unknown kind of checkpoint " + checkpoint.getClass());
        }
    }

    private void add(TorchFile file) {
        file.storages().forEach(storage -> {
            WeightScan scan = SCANS.get(storage.dtype());
            if (scan != null) {
                long count = (storage.end() - storage.begin()) / scan.unitBytes();
                long[] shape = {count};
                add(file.path(), new WeightRange(storage.tensors(), shape, storage.begin(), storage.end(), scan));
            }
        });
    }

    private void add(SafetensorsFile file) {
        file.tensors().values().forEach(tensor -> {
            WeightScan scan = SCANS.get(tensor.dtype());
            if (scan != null) {
                add(
                        file.path(),
                        new WeightRange(
                                Set.of(tensor.name()),
                                tensor.shape(),
                                file.dataStart() + tensor.begin(),
                                file.dataStart() + tensor.end(),
                                scan));
            }
        });
    }

    private void add(GgufFile gguf) {
        gguf.stored()
                .forEach((name, tensor) -> GgmlType.of(tensor.code()).ifPresent(type -> {
                    if (type.tailBytes() > 0) {
                        // all blocks hold is finite but for their common scale
                        long at = tensor.offset() + tensor.byteSize() - type.tailBytes();
                        long[] shape = {1};
                        add(
                                tensor.file().path(),
                                new WeightRange(Set.of(name), shape, at, at + Float.BYTES, WeightScan.F32));
                        return;
                    }
                    WeightScan scan = type.blocks()
                            .map(WeightScan::of)
                            .orElseGet(() -> SCANS.get(type.plain().orElseThrow()));
                    if (scan != null) {
                        long end = tensor.offset() + tensor.byteSize();
                        add(
                                tensor.file().path(),
                                new WeightRange(Set.of(name), tensor.shape(), tensor.offset(), end, scan));
                    }
                }));
    }

    private void add(Path file, WeightRange range) {
        byFile.computeIfAbsent(file.toAbsolutePath().normalize(), _ -> new ArrayList<>())
                .add(range);
    }

    /** Sorted, without overlaps; empty for a file that holds none. */
    List<WeightRange> in(Path file) {
        return byFile.getOrDefault(file.toAbsolutePath().normalize(), List.of());
    }
}
