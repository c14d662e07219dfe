package io.shiftadd.format.contents;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import io.shiftadd.format.TensorView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Tensors in several files of one directory, safetensors or pickled, and the index that says which is where. */
public final class ShardedCheckpoint implements Checkpoint {

    private static final long MAX_INDEX_BYTES = 100_000_000;
    private static final String REMEDY =
            "Use the index and the shards of one and the same model; if a shard is missing, put it there.";

    private final Path index;
    private final Map<String, Checkpoint> shards;
    private final Map<String, Checkpoint> byTensor;
    private final Map<String, String> metadata;

    private ShardedCheckpoint(Path index, Map<String, Checkpoint> shards, Map<String, Checkpoint> byTensor) {
        this.index = index;
        this.shards = shards;
        this.byTensor = Collections.unmodifiableMap(byTensor);
        Map<String, String> all = new TreeMap<>();
        shards.values().forEach(shard -> all.putAll(shard.metadata()));
        this.metadata = Collections.unmodifiableMap(all);
    }

    public static ShardedCheckpoint open(Path index) {
        Map<String, String> files = weightMap(index);
        Map<String, Checkpoint> shards = new TreeMap<>();
        try {
            for (String file : files.values()) {
                if (!shards.containsKey(file)) {
                    shards.put(file, Checkpoint.open(shardPath(index, file)));
                }
            }
            return new ShardedCheckpoint(index, shards, assign(index, files, shards));
        } catch (RuntimeException e) {
            shards.values().forEach(Checkpoint::close);
            throw e;
        }
    }

    private static Map<String, String> weightMap(Path index) {
        JsonNode map = ModelJson.read(index, MAX_INDEX_BYTES).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw invalid("has no weight_map", index, "it must be an object from tensor names to file names");
        }
        Map<String, String> files = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            if (!entry.getValue().isString()) {
                throw invalid("maps tensor '" + entry.getKey() + "' to no string", index, "it must name a file");
            }
            files.put(entry.getKey(), entry.getValue().stringValue());
        }
        return files;
    }

    /** The shard's path, which stays in the directory of the index even where it is a link. */
    private static Path shardPath(Path index, String name) {
        String ending = index.toString().endsWith(".bin.index.json") ? ".bin" : ".safetensors";
        String rule = "a shard is a " + ending + " file beside its index, in no other folder";
        if (!isBeside(name, ending)) {
            throw new FormatException(
                    "names the shard '" + name.replace('\0', '?') + "'",
                    index.toString(),
                    rule,
                    "Move the shards beside the index and correct the names in it.");
        }
        Path directory = index.toAbsolutePath().normalize().resolveSibling("");
        Path shard = directory.resolve(name);
        if (!Files.isRegularFile(shard)) {
            throw invalid("names the shard '" + name + "', which is missing", index, rule);
        }
        try {
            Path real = shard.toRealPath();
            if (!real.startsWith(directory.toRealPath()) && !isBlob(real, directory.toRealPath())) {
                throw new FormatException(
                        "names the shard '" + name + "', which is a link to " + real,
                        index.toString(),
                        "links must not leave the directory",
                        "Put the file itself there, for example with cp -rL.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot resolve " + shard, e);
        }
        return shard;
    }

    /** In the Hub's shared cache {@code snapshots/<commit>/} has links to {@code blobs/} beside {@code snapshots/}. */
    private static boolean isBlob(Path file, Path directory) {
        Path snapshots = directory.getParent();
        return snapshots != null
                && snapshots.endsWith("snapshots")
                && snapshots.resolveSibling("blobs").equals(file.getParent());
    }

    /** What is elsewhere, or named otherwise, is not among the files that a model is known by. */
    private static boolean isBeside(String name, String ending) {
        return name.endsWith(ending) && name.chars().noneMatch(c -> c == '\0' || c == '\\' || c == ':' || c == '/');
    }

    private static Map<String, Checkpoint> assign(
            Path index, Map<String, String> files, Map<String, Checkpoint> shards) {
        Map<String, String> holder = new TreeMap<>();
        shards.forEach((file, shard) -> shard.names().forEach(name -> {
            String other = holder.put(name, file);
            if (other != null) {
                throw invalid(
                        "tensor '" + name + "' is in both '" + other + "' and '" + file + "'",
                        index,
                        "a tensor is in exactly one shard");
            }
        }));
        Map<String, Checkpoint> byTensor = new TreeMap<>();
        files.forEach((name, file) -> {
            if (!file.equals(holder.get(name))) {
                throw invalid(
                        "says that tensor '" + name + "' is in '" + file + "', where it is not",
                        index,
                        "a tensor is in the shard that the index names");
            }
            byTensor.put(name, shards.get(file));
        });
        return byTensor;
    }

    private static FormatException invalid(String what, Path index, String limit) {
        return new FormatException(what, index.toString(), limit, REMEDY);
    }

    public Collection<Checkpoint> files() {
        return shards.values();
    }

    @Override
    public Set<String> names() {
        return byTensor.keySet();
    }

    @Override
    public TensorView tensor(String name) {
        Checkpoint shard = byTensor.get(name);
        if (shard == null) {
            throw Checkpoint.missing(name, index, byTensor.size());
        }
        return shard.tensor(name);
    }

    @Override
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public void close() {
        shards.values().forEach(Checkpoint::close);
    }
}
