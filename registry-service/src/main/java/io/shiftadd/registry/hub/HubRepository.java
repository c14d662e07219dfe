package io.shiftadd.registry.hub;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The files of one revision of a model on the server, and which of them are needed. */
record HubRepository(URI baseUrl, String repository, String revision) {

    static final String CONFIG = "config.json";
    static final String INDEX = "model.safetensors.index.json";
    static final String WEIGHTS = "model.safetensors";

    /** Files that a model may or may not have. */
    static final List<String> OPTIONAL = List.of(
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "tokenizer.model",
            "vocab.json",
            "merges.txt",
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja",
            "chat_template.json");

    /** Weights that are never loaded; known only to say how to convert them. */
    static final List<String> PICKLES = List.of("pytorch_model.bin", "pytorch_model.bin.index.json");

    private static final long MAX_INDEX_BYTES = 64_000_000;

    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}\\.safetensors");

    URI uri(String file) {
        String base = baseUrl.toString().replaceFirst("/+$", "");
        return URI.create(base + "/" + repository + "/resolve/" + encode(revision) + "/" + encode(file));
    }

    /**
     * The shards that a downloaded index names.
     *
     * @throws HubException when the index is malformed or names anything but plain safetensors files
     */
    static Set<String> shards(Path index) throws HubException {
        try {
            JsonNode map = ModelJson.read(index, MAX_INDEX_BYTES).path("weight_map");
            Set<String> shards = new TreeSet<>();
            for (JsonNode shard : map.values()) {
                String name = shard.asString("");
                if (!SHARD.matcher(name).matches()) {
                    throw new HubException(INDEX + " names '" + name + "', which is no plain safetensors file");
                }
                shards.add(name);
            }
            if (shards.isEmpty()) {
                throw new HubException(INDEX + " has no weight_map, or an empty one");
            }
            return shards;
        } catch (FormatException e) {
            throw new HubException(String.valueOf(e.getMessage()));
        }
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8);
    }
}
