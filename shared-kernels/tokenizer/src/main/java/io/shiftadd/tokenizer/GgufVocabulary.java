package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.GgufFile;
import io.shiftadd.format.GgufMetadata;
import io.shiftadd.format.ModelJson;
import io.shiftadd.tokenizer.SentencePieceModel.Algorithm;
import io.shiftadd.tokenizer.SentencePieceModel.Piece;
import io.shiftadd.tokenizer.SentencePieceModel.PieceType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** The vocabulary in the metadata of a GGUF file, which is either SentencePiece's BPE or byte-level BPE. */
final class GgufVocabulary {

    private static final String KEYS = "tokenizer.ggml.";

    private final GgufMetadata metadata;
    private final String where;
    private final List<String> tokens;
    private final PieceType[] types;

    private GgufVocabulary(GgufFile file) {
        this.metadata = file.gguf();
        this.where = file.path().toString();
        this.tokens = metadata.texts(KEYS + "tokens");
        if (tokens.isEmpty()) {
            throw new FormatException(
                    "has no vocabulary",
                    where,
                    "'" + KEYS + "tokens' is needed",
                    "Convert the model again with its tokenizer, or put a tokenizer.json beside the file.");
        }
        this.types = types();
    }

    /** The settings that a Hugging Face directory has in its JSON files. */
    static ModelSettings settings(GgufFile file) {
        GgufMetadata metadata = file.gguf();
        Map<String, Object> tokenizerConfig = new LinkedHashMap<>();
        metadata.flag(KEYS + "add_bos_token").ifPresent(flag -> tokenizerConfig.put("add_bos_token", flag));
        metadata.flag(KEYS + "add_eos_token").ifPresent(flag -> tokenizerConfig.put("add_eos_token", flag));
        metadata.text("tokenizer.chat_template").ifPresent(template -> tokenizerConfig.put("chat_template", template));
        Map<String, Object> generationConfig = new LinkedHashMap<>();
        List<Long> ends = new ArrayList<>();
        for (String key : List.of("eos_token_id", "eot_token_id")) {
            metadata.integer(KEYS + key).ifPresent(ends::add);
        }
        generationConfig.put("eos_token_id", ends);
        metadata.integer(KEYS + "bos_token_id").ifPresent(id -> generationConfig.put("bos_token_id", id));
        JsonNode config = json(tokenizerConfig);
        JsonNode missing = MissingNode.getInstance();
        return new ModelSettings(
                file.path().toString(),
                config,
                missing,
                missing,
                json(file.toHuggingFaceConfig()),
                json(generationConfig),
                config.path("chat_template"));
    }

    private static JsonNode json(Map<String, Object> values) {
        return ModelJson.parse(ModelJson.write(values).getBytes(StandardCharsets.UTF_8), "GGUF metadata");
    }

    static TokenizerSource read(GgufFile file, ModelSettings settings) {
        GgufVocabulary vocabulary = new GgufVocabulary(file);
        String model = vocabulary.metadata.text(KEYS + "model").orElse("");
        TokenizerBlueprint blueprint = switch (model) {
            case "llama" -> SentencePieceConversion.convert(vocabulary.sentencePiece(), settings, vocabulary.where);
            case "gpt2" -> vocabulary.byteLevel();
            default -> throw vocabulary.unsupported("has the tokenizer '" + model + "'", "llama and gpt2");
        };
        return TokenizerSource.of(blueprint, vocabulary.where, settings);
    }

    private PieceType[] types() {
        long[] codes = metadata.integers(KEYS + "token_type");
        PieceType[] all = new PieceType[tokens.size()];
        if (codes.length != 0 && codes.length != all.length) {
            throw lengths("token_type", codes.length);
        }
        for (int i = 0; i < all.length; i++) {
            long code = codes.length == 0 ? 1 : codes[i];
            if (code < 1 || code > PieceType.values().length) {
                throw unsupported("gives token " + i + " the type " + code, "1 to " + PieceType.values().length);
            }
            all[i] = PieceType.values()[(int) code - 1];
        }
        return all;
    }

    private SentencePieceModel sentencePiece() {
        double[] scores = metadata.numbers(KEYS + "scores");
        if (scores.length != tokens.size()) {
            throw lengths("scores", scores.length);
        }
        List<Piece> pieces = new ArrayList<>();
        boolean bytes = false;
        for (int i = 0; i < scores.length; i++) {
            pieces.add(Piece.of(tokens.get(i), (float) scores[i], types[i], i, where));
            bytes |= types[i] == PieceType.BYTE;
        }
        return new SentencePieceModel(
                pieces,
                Algorithm.BPE,
                bytes,
                id("unknown_token_id", 0),
                id("bos_token_id", 1),
                id("eos_token_id", 2),
                metadata.flag(KEYS + "add_space_prefix").orElse(true),
                metadata.flag(KEYS + "remove_extra_whitespaces").orElse(false),
                new byte[0]);
    }

    private int id(String key, int absent) {
        long id = metadata.integer(KEYS + key).orElse(absent);
        return id >= 0 && id < tokens.size() ? (int) id : -1;
    }

    private TokenizerBlueprint byteLevel() {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (ids.put(tokens.get(id), id) != null) {
                throw unsupported("has the token '" + tokens.get(id) + "' twice", "tokens that differ");
            }
        }
        byte[] lines = String.join("\n", metadata.texts(KEYS + "merges")).getBytes(StandardCharsets.UTF_8);
        ByteLevelSplit split = split();
        TokenizerBlueprint json = new TokenizerBlueprint();
        json.model(ByteLevelConversion.model(ids, MergesFile.parse(lines, where + ", " + KEYS + "merges"), split));
        for (int id = 0; id < types.length; id++) {
            if (types[id] == PieceType.CONTROL || types[id] == PieceType.UNKNOWN) {
                json.addToken(id, tokens.get(id), true, false);
            } else if (types[id] == PieceType.USER_DEFINED) {
                json.addToken(id, tokens.get(id), false, false);
            }
        }
        split.addTo(json, metadata.flag(KEYS + "add_space_prefix").orElse(false));
        json.decoder(ByteLevelSplit.decoder());
        int bos = id("bos_token_id", -1);
        if (bos >= 0 && metadata.flag(KEYS + "add_bos_token").orElse(split == ByteLevelSplit.LLAMA3)) {
            json.addBos(bos, tokens.get(bos));
        }
        return json;
    }

    private ByteLevelSplit split() {
        String name = metadata.text(KEYS + "pre").orElse("gpt-2");
        return switch (name) {
            case "gpt-2", "default" -> ByteLevelSplit.GPT2;
            case "llama-bpe", "llama3", "llama-v3" -> ByteLevelSplit.LLAMA3;
            case "qwen2" -> ByteLevelSplit.QWEN2;
            case "bloom" -> ByteLevelSplit.BLOOM;
            default -> throw unsupported("splits text as '" + name + "'", "gpt-2, llama-bpe, qwen2 and bloom");
        };
    }

    private FormatException lengths(String key, int length) {
        return unsupported("has " + length + " of '" + KEYS + key + "'", tokens.size() + ", as many as tokens");
    }

    private FormatException unsupported(String what, String supported) {
        return new FormatException(
                what, where, "supported: " + supported, "Put the model's tokenizer.json beside the file.");
    }
}
