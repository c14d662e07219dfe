package io.shiftadd.format.torch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.TensorType;
import io.shiftadd.format.TensorView;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a file that {@code torch.save} wrote of a state dictionary, validated as a whole before any is read.
 * The archive has a folder with {@code data.pkl}, a record {@code data/<key>} for each storage, and perhaps {@code
 * byteorder}.
 */
public final class TorchArchive {

    private static final String PICKLE = "/data.pkl";
    private static final long MAX_PICKLE_BYTES = 64 << 20;
    private static final int MAX_DESCRIPTIONS = 64;

    private final MemorySegment file;
    private final Map<String, TorchTensor> tensors;
    private final Map<String, MemorySegment> storages;

    private TorchArchive(MemorySegment file, Map<String, TorchTensor> tensors, Map<String, MemorySegment> storages) {
        this.file = file;
        this.tensors = tensors;
        this.storages = storages;
    }

    /**
     * Elements that tensors share.
     *
     * @param tensors names of those that lie in it
     * @param begin offset in the file
     */
    public record Storage(DType dtype, Set<String> tensors, long begin, long end) {}

    /**
     * @param file the whole file; views are valid as long as it is
     * @param where names it in errors
     * @throws FormatException when it is no archive of tensors, or breaks a rule
     */
    public static TorchArchive read(MemorySegment file, String where) {
        Map<String, MemorySegment> records = StoredRecords.read(file, where);
        String folder = folder(records.keySet(), where);
        requireLittleEndian(records.get(folder + "/byteorder"), where);
        MemorySegment pickle = records.getOrDefault(folder + PICKLE, MemorySegment.NULL);
        if (pickle.byteSize() > MAX_PICKLE_BYTES) {
            throw invalid("has a pickle of " + pickle.byteSize() + " bytes", where, "the limit is " + MAX_PICKLE_BYTES);
        }
        Map<String, TorchTensor> tensors = Unpickler.tensors(pickle.toArray(JAVA_BYTE), where + ", " + folder + PICKLE);
        Map<String, MemorySegment> storages = new LinkedHashMap<>();
        Map<String, TorchStorage> kinds = new HashMap<>();
        tensors.forEach((name, tensor) -> {
            TorchStorage storage = tensor.storage();
            MemorySegment data = records.get(folder + "/data/" + storage.key());
            if (data == null
                    || data.byteSize() / storage.dtype().bytes() != storage.count()
                    || data.byteSize() % storage.dtype().bytes() != 0) {
                throw invalid(
                        "tensor '" + name + "' lies in storage '" + storage.key() + "', which "
                                + (data == null ? "is missing" : "has " + data.byteSize() + " bytes"),
                        where,
                        storage.count() + " elements of " + storage.dtype() + " are expected");
            }
            TorchStorage other = kinds.putIfAbsent(storage.key(), storage);
            if (other != null && !other.equals(storage)) {
                throw invalid("storage '" + storage.key() + "' is of two types", where, "it has one");
            }
            storages.put(storage.key(), data);
        });
        return new TorchArchive(file, Collections.unmodifiableMap(new TreeMap<>(tensors)), storages);
    }

    private static String folder(Set<String> names, String where) {
        List<String> pickles = names.stream()
                .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
                .toList();
        if (pickles.size() != 1) {
            throw invalid("has " + pickles.size() + " folders with a data.pkl", where, "an archive of tensors has one");
        }
        return pickles.getFirst().substring(0, pickles.getFirst().length() - PICKLE.length());
    }

    private static void requireLittleEndian(@Nullable MemorySegment order, String where) {
        if (order != null
                && !(order.byteSize() == 6
                        && new String(order.toArray(JAVA_BYTE), StandardCharsets.US_ASCII).equals("little"))) {
            throw invalid("was written on a big-endian machine", where, "little-endian files are read");
        }
    }

    /** Some bytes of a file. */
    public record Extent(long begin, long end) {}

    /**
     * Where the list of records lies, which is at the end.
     *
     * @param file of which at least the last kilobytes have been read; the rest may be zeros
     */
    public static Extent list(MemorySegment file, String where) {
        StoredRecords.Directory directory = new StoredRecords(file, where).directory();
        return new Extent(directory.offset(), directory.offset() + directory.size());
    }

    /**
     * Which records have to be read to know the tensors: those that are no storages.
     *
     * @param file of which the list of records has been read
     */
    public static List<Extent> descriptions(MemorySegment file, String where) {
        StoredRecords archive = new StoredRecords(file, where);
        StoredRecords.Directory directory = archive.directory();
        List<StoredRecords.Listed> records = new ArrayList<>(archive.list(directory));
        records.sort(Comparator.comparingLong(StoredRecords.Listed::header));
        List<Extent> extents = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            long begin = records.get(i).header();
            long end = i + 1 < records.size() ? records.get(i + 1).header() : directory.offset();
            if (!isStorage(records.get(i))) {
                extents.add(new Extent(begin, end));
            }
        }
        if (extents.size() > MAX_DESCRIPTIONS
                || extents.stream().anyMatch(e -> e.begin() < 0 || e.end() - e.begin() > 2 * MAX_PICKLE_BYTES)) {
            throw invalid("has " + extents.size() + " records beside its storages", where, "they are few and small");
        }
        return extents;
    }

    /**
     * Completes a copy of an archive of which only the descriptions have been read: gives each storage a header, so
     * that the tensors' names and shapes can be asked for. Their values are not there.
     *
     * @param file the copy, of the archive's size
     */
    public static void completeHeaders(MemorySegment file, String where) {
        StoredRecords archive = new StoredRecords(file, where);
        for (StoredRecords.Listed record : archive.list(archive.directory())) {
            if (isStorage(record)) {
                MemorySegment header = MemorySegment.ofArray(StoredRecords.localHeader(record));
                if (record.header() < 0 || record.header() > file.byteSize() - header.byteSize()) {
                    throw invalid("'" + record.name() + "' begins at byte " + record.header(), where, "in the file");
                }
                MemorySegment.copy(header, 0, file, record.header(), header.byteSize());
            }
        }
    }

    private static boolean isStorage(StoredRecords.Listed record) {
        return record.name().contains("/data/");
    }

    private static FormatException invalid(String what, String where, String limit) {
        return new FormatException(what, where, limit, PickleReader.REMEDY);
    }

    public Set<String> names() {
        return tensors.keySet();
    }

    /** Type and shape of a tensor that is there. */
    public TensorType type(String name) {
        TorchTensor tensor = known(name);
        return new TensorType(tensor.storage().dtype(), tensor.shape().clone());
    }

    /** A tensor that is there, in place if its elements lie in their order, otherwise copied into it. */
    public TensorView tensor(String name) {
        TorchTensor tensor = known(name);
        MemorySegment storage = storages.getOrDefault(tensor.storage().key(), MemorySegment.NULL);
        DType dtype = tensor.storage().dtype();
        long begin = tensor.offset() * dtype.bytes();
        MemorySegment data = tensor.isContiguous()
                ? storage.asSlice(begin, tensor.elementCount() * dtype.bytes())
                : gathered(tensor, storage, dtype.bytes());
        return new TensorView(name, dtype, tensor.shape().clone(), data);
    }

    private TorchTensor known(String name) {
        TorchTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("there is no tensor '" + name + "'");
        }
        return tensor;
    }

    private static MemorySegment gathered(TorchTensor tensor, MemorySegment storage, int bytes) {
        int count = Math.toIntExact(tensor.elementCount());
        MemorySegment target = MemorySegment.ofArray(new byte[Math.multiplyExact(count, bytes)]);
        int rank = tensor.shape().length;
        long[] index = new long[rank];
        long source = tensor.offset();
        for (int i = 0; i < count; i++) {
            MemorySegment.copy(storage, source * bytes, target, (long) i * bytes, bytes);
            for (int d = rank - 1; d >= 0; d--) {
                source += tensor.strides()[d];
                if (++index[d] < tensor.shape()[d]) {
                    break;
                }
                source -= tensor.shape()[d] * tensor.strides()[d];
                index[d] = 0;
            }
        }
        return target;
    }

    /** Where all elements lie. */
    public Collection<Storage> storages() {
        Map<String, Storage> all = new TreeMap<>();
        tensors.forEach((name, tensor) -> {
            TorchStorage storage = tensor.storage();
            MemorySegment data = storages.getOrDefault(storage.key(), MemorySegment.NULL);
            long begin = data.address() - file.address();
            all.computeIfAbsent(
                            storage.key(),
                            _ -> new Storage(storage.dtype(), new TreeSet<>(), begin, begin + data.byteSize()))
                    .tensors()
                    .add(name);
        });
        return all.values();
    }
}
