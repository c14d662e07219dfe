package io.shiftadd.format.gguf;

import io.shiftadd.format.FloatTensor;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.gguf.GgufArchitecture.Change;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tensors of a checkpoint as an architecture's GGUF file has them: the way back is {@link GgufOriginals}. */
public final class GgufRenaming {

    private static final Pattern PART = Pattern.compile("(.*)\\.(weight|bias)");

    private static final String IN_BLOCK = "blk.#.";

    private final GgufArchitecture architecture;
    private final long heads;
    private final long keyValueHeads;
    private final String where;

    /** GGUF's modules by what the originals' names look like; numbers of blocks and experts are groups of it. */
    private final Map<Pattern, String> modules = new LinkedHashMap<>();

    /** @param where names the checkpoint in errors */
    public GgufRenaming(GgufArchitecture architecture, long heads, long keyValueHeads, String where) {
        this.architecture = architecture;
        this.heads = heads;
        this.keyValueHeads = keyValueHeads;
        this.where = where;
        architecture.top().forEach((gguf, original) -> modules.put(pattern(original), gguf));
        architecture
                .block()
                .forEach((gguf, original) ->
                        modules.put(pattern(architecture.blockPrefix() + "#." + original), IN_BLOCK + gguf));
    }

    private static Pattern pattern(String name) {
        return Pattern.compile(Pattern.quote(name).replace("#", "\\E(\\d{1,5})\\Q"));
    }

    private record Place(String gguf, String module, int expert) {}

    /**
     * @param originals all of them, by the names that the checkpoint has
     * @throws FormatException when the architecture has no place for one
     */
    public List<FloatTensor> of(List<FloatTensor> originals) {
        Map<String, TreeMap<Integer, FloatTensor>> byName = new LinkedHashMap<>();
        Map<String, String> kinds = new LinkedHashMap<>();
        for (FloatTensor original : originals) {
            Place place = place(original.name());
            byName.computeIfAbsent(place.gguf, _ -> new TreeMap<>()).put(place.expert, original);
            kinds.put(place.gguf, place.module);
        }
        List<FloatTensor> tensors = new ArrayList<>();
        byName.forEach((name, parts) -> {
            String module = kinds.getOrDefault(name, "");
            List<FloatTensor> changed =
                    parts.values().stream().map(part -> changed(part, module)).toList();
            FloatTensor first = changed.getFirst();
            tensors.add(
                    parts.containsKey(-1)
                            ? new FloatTensor(name, first.shape(), first.rows())
                            : stacked(name, changed));
        });
        return tensors;
    }

    private Place place(String name) {
        Matcher part = PART.matcher(name);
        if (part.matches()) {
            String lead = architecture
                    .blockPrefix()
                    .substring(0, architecture.blockPrefix().indexOf('.') + 1);
            String bare = part.group(1);
            // Checkpoints of a family differ in what stands before all names.
            for (String candidate : List.of(bare, lead + bare, bare.substring(bare.indexOf('.') + 1))) {
                Optional<Place> found = place(candidate, part.group(2));
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        throw new FormatException(
                "has the tensor '" + name + "'",
                where,
                "GGUF files of the architecture " + architecture.name() + " have no place for it",
                "Export it as safetensors instead.");
    }

    private Optional<Place> place(String name, String kind) {
        for (Map.Entry<Pattern, String> known : modules.entrySet()) {
            Matcher numbers = known.getKey().matcher(name);
            if (numbers.matches()) {
                String gguf = known.getValue();
                boolean inBlock = gguf.startsWith(IN_BLOCK);
                int expert = numbers.groupCount() > 1 ? Integer.parseInt(numbers.group(2)) : -1;
                String place = (inBlock ? gguf.replace("#", numbers.group(1)) : gguf) + "." + kind;
                return Optional.of(new Place(place, inBlock ? gguf.substring(IN_BLOCK.length()) : gguf, expert));
            }
        }
        return Optional.empty();
    }

    private static FloatTensor stacked(String name, List<FloatTensor> experts) {
        long[] each = experts.getFirst().shape();
        long rows = experts.getFirst().rowCount();
        long[] shape = new long[each.length + 1];
        shape[0] = experts.size();
        System.arraycopy(each, 0, shape, 1, each.length);
        return new FloatTensor(
                name,
                shape,
                (row, target) -> experts.get((int) (row / rows)).rows().read(row % rows, target));
    }

    private FloatTensor changed(FloatTensor tensor, String module) {
        Change change = architecture.changes().get(module);
        if (change == null) {
            return tensor;
        }
        return switch (change) {
            case QUERY_PAIRS -> reordered(tensor, rows -> RowOrder.splitHalves(rows, heads));
            case KEY_PAIRS -> reordered(tensor, rows -> RowOrder.splitHalves(rows, keyValueHeads));
            case HEADS_APART -> reordered(tensor, rows -> RowOrder.joinHeads(rows, heads, 3));
            case TRANSPOSED -> tensor.shape().length == 2 ? transposed(tensor) : tensor;
            case PLUS_ONE ->
                new FloatTensor(tensor.name(), tensor.shape(), (row, target) -> {
                    tensor.rows().read(row, target);
                    for (int i = 0; i < tensor.rowLength(); i++) {
                        target[i] += 1;
                    }
                });
        };
    }

    /** @param order where the original's rows are in the file, for so many rows; a bias has elements for rows */
    private static FloatTensor reordered(FloatTensor tensor, LongFunction<LongUnaryOperator> order) {
        boolean vector = tensor.shape().length == 1;
        int rows = Math.toIntExact(vector ? tensor.rowLength() : tensor.rowCount());
        LongUnaryOperator places = order.apply(rows);
        int[] original = new int[rows];
        for (int row = 0; row < rows; row++) {
            original[(int) places.applyAsLong(row)] = row;
        }
        if (!vector) {
            return new FloatTensor(
                    tensor.name(),
                    tensor.shape(),
                    (row, target) -> tensor.rows().read(original[(int) row], target));
        }
        return new FloatTensor(tensor.name(), tensor.shape(), (_, target) -> {
            float[] values = tensor.values();
            for (int i = 0; i < rows; i++) {
                target[i] = values[original[i]];
            }
        });
    }

    private static FloatTensor transposed(FloatTensor tensor) {
        int rows = Math.toIntExact(tensor.rowCount());
        int columns = tensor.rowLength();
        return new FloatTensor(tensor.name(), new long[] {columns, rows}, new FloatTensor.Rows() {
            private float[] values = {};
            private int read;

            @Override
            public void read(long row, float[] target) {
                if (values.length == 0) {
                    values = tensor.values();
                }
                for (int i = 0; i < rows; i++) {
                    target[i] = values[i * columns + (int) row];
                }
                read++;
                if (read == columns) {
                    values = new float[0];
                    read = 0;
                }
            }
        });
    }
}
