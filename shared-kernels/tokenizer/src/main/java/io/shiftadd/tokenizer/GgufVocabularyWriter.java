package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import io.shiftadd.tokenizer.SentencePieceModel.PieceType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A model's tokenizer as the metadata of a GGUF file, which {@link GgufVocabulary} reads: byte-level BPE whose way of
 * splitting text GGUF has a name for, and SentencePiece's BPE, whose merges become scores. Source: llama.cpp,
 * convert_hf_to_gguf.py.
 */
public final class GgufVocabularyWriter {

    private static final String KEYS = "tokenizer.ggml.";
    private static final Pattern BYTE = Pattern.compile("<0x[0-9A-F]{2}>");

    private final JsonNode json;
    private final String where;
    private final String[] tokens;
    private final int[] types;
    private final Map<String, Integer> ids = new HashMap<>();

    private GgufVocabularyWriter(JsonNode json, int rows, String where) {
        this.json = json;
        this.where = where;
        json.path("model")
                .path("vocab")
                .properties()
                .forEach(token -> ids.put(token.getKey(), token.getValue().asInt()));
        for (JsonNode added : json.path("added_tokens")) {
            ids.put(added.path("content").asString(""), added.path("id").asInt());
        }
        int size = Math.max(rows, ids.isEmpty() ? 0 : Collections.max(ids.values()) + 1);
        this.tokens = new String[size];
        this.types = new int[size];
        Arrays.fill(types, code(PieceType.UNUSED));
        ids.forEach((token, id) -> {
            tokens[id] = token;
            types[id] = code(PieceType.NORMAL);
        });
        for (int id = 0; id < size; id++) {
            if (tokens[id] == null) {
                tokens[id] = "[PAD" + id + "]";
            }
        }
        for (JsonNode added : json.path("added_tokens")) {
            types[added.path("id").asInt()] =
                    code(added.path("special").asBoolean(false) ? PieceType.CONTROL : PieceType.USER_DEFINED);
        }
    }

    /**
     * Values as {@link io.shiftadd.format.gguf.GgufWriter#put} takes them.
     *
     * @param location a model directory or GGUF file
     * @param rows of the embedding; ids beyond the vocabulary become tokens that are not used
     * @throws FormatException when GGUF cannot express the tokenizer
     */
    public static Map<String, Object> metadata(Path location, int rows) {
        TokenizerLocation.Described described = TokenizerLocation.of(location).describe(location);
        String where = location.toString();
        JsonNode json = ModelJson.parse(described.source().text(), where);
        GgufVocabularyWriter writer = new GgufVocabularyWriter(json, rows, where);
        Map<String, Object> metadata = writer.vocabulary();
        writer.putSpecial(described, metadata);
        try (Tokenizer tokenizer = ModelTokenizer.open(described.source(), described.settings())) {
            int[] bare = tokenizer.encode("a", false);
            int[] whole = tokenizer.encode("a", true);
            metadata.put(KEYS + "add_bos_token", whole.length > bare.length && whole[0] != bare[0]);
            metadata.put(
                    KEYS + "add_eos_token",
                    whole.length > bare.length && whole[whole.length - 1] != bare[bare.length - 1]);
        }
        return metadata;
    }

    private static int code(PieceType type) {
        return type.ordinal() + 1;
    }

    private Map<String, Object> vocabulary() {
        JsonNode model = json.path("model");
        if (!model.path("type").asString("").equals("BPE")) {
            throw unsupported("is of the type " + model.path("type").asString("(none)"), "BPE");
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        boolean bytes = json.path("decoder").toString().contains("\"ByteLevel\"");
        if (bytes) {
            metadata.put(KEYS + "model", "gpt2");
            metadata.put(KEYS + "pre", split());
            metadata.put(
                    KEYS + "merges",
                    merges().stream()
                            .map(pair -> pair.getFirst() + " " + pair.getLast())
                            .toList());
        } else {
            metadata.put(KEYS + "model", "llama");
            metadata.put(KEYS + "pre", "default");
            metadata.put(KEYS + "scores", scores());
            metadata.put(KEYS + "add_space_prefix", addsSpace());
        }
        metadata.put(KEYS + "tokens", List.of(tokens));
        metadata.put(KEYS + "token_type", types);
        return metadata;
    }

    private List<List<String>> merges() {
        List<List<String>> merges = new ArrayList<>();
        for (JsonNode merge : json.path("model").path("merges")) {
            if (merge.isArray()) {
                merges.add(List.of(merge.get(0).asString(), merge.get(1).asString()));
            } else {
                String text = merge.asString();
                int space = text.indexOf(' ', 1);
                merges.add(List.of(text.substring(0, space), text.substring(space + 1)));
            }
        }
        return merges;
    }

    /** A piece is the better the earlier it is first made: SentencePiece merges what gives the best piece. */
    private float[] scores() {
        List<List<String>> merges = merges();
        float[] scores = new float[tokens.length];
        Arrays.fill(scores, -merges.size() - 1.0f);
        for (int rank = merges.size() - 1; rank >= 0; rank--) {
            Integer id = ids.get(merges.get(rank).getFirst() + merges.get(rank).getLast());
            if (id != null) {
                scores[id] = -rank;
            }
        }
        for (int id = 0; id < tokens.length; id++) {
            if (BYTE.matcher(tokens[id]).matches()) {
                types[id] = code(PieceType.BYTE);
                scores[id] = 0;
            }
        }
        Integer unknown = ids.get(json.path("model").path("unk_token").asString(""));
        if (unknown != null) {
            types[unknown] = code(PieceType.UNKNOWN);
        }
        return scores;
    }

    private boolean addsSpace() {
        String normalizer = json.path("normalizer").toString();
        String preTokenizer = json.path("pre_tokenizer").toString();
        return normalizer.contains("\"Prepend\"")
                || preTokenizer.contains("\"Metaspace\"") && !preTokenizer.contains("\"never\"");
    }

    /** GGUF's name of the way in which texts are split. */
    private String split() {
        JsonNode section = json.path("pre_tokenizer");
        List<JsonNode> steps = new ArrayList<>();
        if (section.path("type").asString("").equals("Sequence")) {
            section.path("pretokenizers").forEach(steps::add);
        } else {
            steps.add(section);
        }
        List<String> patterns = new ArrayList<>();
        boolean wordsOfItsOwn = false;
        for (JsonNode step : steps) {
            switch (step.path("type").asString("")) {
                case "Split" -> patterns.add(step.path("pattern").path("Regex").asString(""));
                case "Digits" -> patterns.add(step.path("individual_digits").asBoolean(false) ? "\\p{N}" : "\\p{N}+");
                case "ByteLevel" -> wordsOfItsOwn = step.path("use_regex").asBoolean(true);
                default -> patterns.add(step.toString());
            }
        }
        Optional<String> name = ByteLevelSplit.nameInGguf(patterns, wordsOfItsOwn);
        return name.orElseThrow(() -> unsupported(
                "splits text by " + (patterns.isEmpty() ? "nothing" : patterns),
                "those that GGUF has a name for: " + String.join(", ", ByteLevelSplit.ggufNames())));
    }

    private void putSpecial(TokenizerLocation.Described described, Map<String, Object> metadata) {
        SpecialTokens special = SpecialTokens.of(described.settings(), described.source());
        put(metadata, "bos_token_id", special.bos());
        put(metadata, "eos_token_id", special.mainEos());
        Integer unknown = ids.get(json.path("model").path("unk_token").asString(""));
        if (unknown != null) {
            metadata.put(KEYS + "unknown_token_id", unknown);
        }
        Integer padding = ids.get(SpecialTokens.content(described.settings().special("pad_token")));
        if (padding != null) {
            metadata.put(KEYS + "padding_token_id", padding);
        }
        // An instruct model ends its turns with another token than its texts.
        special.eos().stream()
                .filter(id -> special.mainEos().isEmpty() || special.mainEos().getAsInt() != id)
                .sorted()
                .findFirst()
                .ifPresent(id -> metadata.put(KEYS + "eot_token_id", id));
        ChatTemplate template = ChatTemplateSource.of(
                described.settings(), special, described.source().json());
        if (template != null) {
            metadata.put("tokenizer.chat_template", template.source());
        }
    }

    private static void put(Map<String, Object> metadata, String key, OptionalInt id) {
        if (id.isPresent()) {
            metadata.put(KEYS + key, id.getAsInt());
        }
    }

    private FormatException unsupported(String what, String supported) {
        return new FormatException(
                "has a tokenizer that " + what,
                where,
                "GGUF takes " + supported,
                "Export it as safetensors, with its tokenizer.json.");
    }
}
