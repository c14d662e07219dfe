package io.shiftadd.format.gguf;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.TensorView;
import io.shiftadd.format.gguf.GgufArchitecture.Change;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tensors of the checkpoint that a GGUF file was converted from, by their original names and with their values. */
final class GgufOriginals {

    private static final Pattern NAME = Pattern.compile("(?:blk\\.(\\d{1,5})\\.)?(\\w+)\\.(weight|bias)");

    /** Made by who wrote the file from parameters, so that the original has none of that name. */
    private static final Pattern DERIVED = Pattern.compile("rope_(freqs|factors_long|factors_short)\\.weight");

    /** More than any model has. */
    private static final int MAX_EXPERTS = 1 << 12;

    private final GgufArchitecture architecture;
    private final String where;
    private final long heads;
    private final long keyValueHeads;

    private GgufOriginals(GgufArchitecture architecture, GgufMetadata metadata, String where) {
        this.architecture = architecture;
        this.where = where;
        String prefix = architecture.name() + ".attention.head_count";
        this.heads = metadata.isList(prefix) ? 0 : metadata.integer(prefix).orElse(0);
        this.keyValueHeads = metadata.isList(prefix + "_kv")
                ? 0
                : metadata.integer(prefix + "_kv").orElse(heads);
    }

    /** Empty where no family is known at all: then tensors keep GGUF's names. */
    static Optional<GgufOriginals> of(GgufMetadata metadata, String where) {
        // Not the thread's loader, which need not be that of the application.
        var known = ServiceLoader.load(GgufArchitectures.class, GgufArchitectures.class.getClassLoader()).stream()
                .flatMap(provider -> provider.get().all().stream())
                .toList();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        String name = metadata.text("general.architecture").orElse("");
        for (GgufArchitecture architecture : known) {
            if (architecture.name().equals(name)) {
                return Optional.of(new GgufOriginals(architecture, metadata, where));
            }
        }
        throw new FormatException(
                "has the architecture '" + name + "'",
                where,
                "supported in GGUF are "
                        + known.stream().map(GgufArchitecture::name).sorted().collect(Collectors.joining(", ")),
                "Use the safetensors files of the model, or another model.");
    }

    GgufArchitecture architecture() {
        return architecture;
    }

    /**
     * A tensor of the original.
     *
     * @param expert whose part of the GGUF tensor it is; −1 for all of it
     */
    record Original(GgufTensor tensor, String module, int expert) {}

    Map<String, Original> byName(Iterable<GgufTensor> tensors) {
        Map<String, Original> originals = new TreeMap<>();
        for (GgufTensor tensor : tensors) {
            if (!DERIVED.matcher(tensor.name()).matches()) {
                add(tensor, originals);
            }
        }
        return originals;
    }

    private void add(GgufTensor tensor, Map<String, Original> originals) {
        Matcher parts = NAME.matcher(tensor.name());
        String number = parts.matches() ? parts.group(1) : null;
        String original = parts.matches()
                ? (number == null ? architecture.top() : architecture.block()).get(parts.group(2))
                : null;
        if (original == null) {
            throw new FormatException(
                    "has the tensor '" + tensor.name() + "'",
                    where,
                    "the architecture " + architecture.name() + " has none of that name",
                    "Use the safetensors files of the model.");
        }
        String module = parts.group(2);
        String name =
                (number == null ? "" : architecture.blockPrefix() + number + ".") + original + "." + parts.group(3);
        if (!original.contains("#")) {
            originals.put(name, new Original(tensor, module, -1));
            return;
        }
        long experts = tensor.shape().length == 0 ? 0 : tensor.shape()[0];
        for (int i = 0; i < Math.min(experts, MAX_EXPERTS); i++) {
            originals.put(name.replace("#", Integer.toString(i)), new Original(tensor, module, i));
        }
    }

    /** The part of a GGUF file's tensor that the original is, before any change is undone. */
    static GgufTensor part(Original original) {
        GgufTensor all = original.tensor();
        if (original.expert() < 0) {
            return all;
        }
        long[] shape = new long[all.shape().length - 1];
        System.arraycopy(all.shape(), 1, shape, 0, shape.length);
        long bytes = all.byteSize() / all.shape()[0];
        return new GgufTensor(
                all.file(), all.name(), all.code(), shape, all.offset() + original.expert() * bytes, bytes);
    }

    private @Nullable Change change(Original original) {
        return architecture.changes().get(original.module());
    }

    boolean isTransposed(Original original) {
        return change(original) == Change.TRANSPOSED && original.tensor().shape().length == 2;
    }

    /** Whether the original's values are made from the file's as float32. */
    boolean isComputed(Original original) {
        return change(original) == Change.PLUS_ONE || isTransposed(original);
    }

    /** The values that the original had. */
    TensorView restore(Original original) {
        TensorView tensor = GgufExpansion.of(part(original));
        if (change(original) == Change.PLUS_ONE) {
            return RowOrder.addToAll(tensor, -1);
        }
        if (isTransposed(original)) {
            return RowOrder.transpose(tensor);
        }
        return order(original).map(order -> RowOrder.reorder(tensor, order)).orElse(tensor);
    }

    /** Where the original's rows are in the file; empty when they are in their places. */
    Optional<LongUnaryOperator> order(Original original) {
        Change change = change(original);
        if (change == null) {
            return Optional.empty();
        }
        GgufTensor tensor = original.tensor();
        long rows = tensor.shape().length == 0 ? 0 : tensor.shape()[0];
        return switch (change) {
            case QUERY_PAIRS -> Optional.of(RowOrder.splitHalves(checked(tensor, rows, heads, 2), heads));
            case KEY_PAIRS -> Optional.of(RowOrder.splitHalves(checked(tensor, rows, keyValueHeads, 2), keyValueHeads));
            case HEADS_APART -> Optional.of(RowOrder.joinHeads(checked(tensor, rows, heads, 3), heads, 3));
            case TRANSPOSED, PLUS_ONE -> Optional.empty();
        };
    }

    private long checked(GgufTensor tensor, long rows, long headCount, int parts) {
        if (headCount <= 0 || rows % (headCount * parts) != 0) {
            throw new FormatException(
                    "tensor '" + tensor.name() + "' has " + rows + " rows",
                    where,
                    "they must be a multiple of " + parts + " times the " + headCount + " heads",
                    GgufHeader.REMEDY);
        }
        return rows;
    }

    /** As they are in the file, where no family is known. */
    static Map<String, Original> unchanged(Iterable<GgufTensor> tensors) {
        Map<String, Original> all = new TreeMap<>();
        tensors.forEach(tensor -> all.put(tensor.name(), new Original(tensor, "", -1)));
        return all;
    }
}
