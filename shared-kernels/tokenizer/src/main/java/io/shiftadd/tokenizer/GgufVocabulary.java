package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import io.shiftadd.format.gguf.GgufFile;
import io.shiftadd.format.gguf.GgufMetadata;
import io.shiftadd.tokenizer.SentencePieceConversion.Prefix;
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

/**
 * The vocabulary in the metadata of a GGUF file, which is either SentencePiece's BPE or byte-level BPE. Flags, defaults
 * and odd tokens are read as llama.cpp reads them; where it only warns that ids may be wrong, the file is refused.
 */
final class GgufVocabulary {

    private static final String KEYS = "tokenizer.ggml.";

    /** Flags that change ids and are not there. */
    private static final List<String> UNSUPPORTED_FLAGS = List.of("add_sep_token", "normalizer.lowercase");

    private final GgufMetadata metadata;
    private final String where;
    private final GgufTokens tokens;

    private GgufVocabulary(GgufFile file) {
        this.metadata = file.gguf();
        this.where = file.path().toString();
        this.tokens = GgufTokens.read(metadata, where);
    }

    /** The settings that a Hugging Face directory has in its JSON files. */
    static ModelSettings settings(GgufFile file) {
        GgufVocabulary vocabulary = new GgufVocabulary(file);
        GgufMetadata metadata = file.gguf();
        Map<String, Object> tokenizerConfig = new LinkedHashMap<>();
        metadata.text("tokenizer.chat_template").ifPresent(template -> tokenizerConfig.put("chat_template", template));
        Map<String, Object> generationConfig = new LinkedHashMap<>();
        generationConfig.put(
                "eos_token_id", vocabulary.tokens.ends(vocabulary.id("eos_token_id", vocabulary.absent(2))));
        int bos = vocabulary.id("bos_token_id", vocabulary.absent(1));
        if (bos >= 0) {
            generationConfig.put("bos_token_id", bos);
        }
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
        for (String flag : UNSUPPORTED_FLAGS) {
            if (vocabulary.flag(flag, false)) {
                throw vocabulary.unsupported("has '" + KEYS + flag + "' = true", "false");
            }
        }
        TokenizerBlueprint blueprint = switch (vocabulary.model()) {
            case "llama" -> vocabulary.sentencePiece();
            case "gpt2" -> vocabulary.byteLevel();
            default -> throw vocabulary.unsupported("has the tokenizer '" + vocabulary.model() + "'", "llama and gpt2");
        };
        return TokenizerSource.of(blueprint, vocabulary.where, settings, null);
    }

    private String model() {
        return metadata.text(KEYS + "model").orElse("");
    }

    private boolean flag(String name, boolean absent) {
        return metadata.flag(KEYS + name).orElse(absent);
    }

    /** Ids of SentencePiece are fixed when they are not named. */
    private int absent(int id) {
        return model().equals("llama") ? id : -1;
    }

    /** One that is beyond the vocabulary counts as absent. */
    private int id(String key, int absent) {
        long id = metadata.integer(KEYS + key).orElse(absent);
        if (id < 0 || id >= tokens.size()) {
            id = absent;
        }
        return id < tokens.size() ? (int) id : -1;
    }

    private TokenizerBlueprint sentencePiece() {
        List<Piece> pieces = new ArrayList<>();
        boolean bytes = false;
        for (int id = 0; id < tokens.size(); id++) {
            pieces.add(Piece.of(tokens.text(id), tokens.score(id), tokens.type(id), id, where));
            bytes |= tokens.type(id) == PieceType.BYTE;
        }
        SentencePieceModel model = new SentencePieceModel(
                pieces,
                Algorithm.BPE,
                bytes,
                id("unknown_token_id", 0),
                id("bos_token_id", 1),
                id("eos_token_id", 2),
                flag("add_space_prefix", true),
                flag("remove_extra_whitespaces", false),
                new byte[0]);
        TokenizerBlueprint json = SentencePieceConversion.convert(model, Prefix.EACH_PART, where);
        putAround(json, model.bosId(), true, model.eosId());
        return json;
    }

    private void putAround(TokenizerBlueprint json, int bos, boolean addsBos, int eos) {
        Map<Integer, String> before =
                bos >= 0 && flag("add_bos_token", addsBos) ? Map.of(bos, tokens.text(bos)) : Map.of();
        Map<Integer, String> after =
                eos >= 0 && flag("add_eos_token", false) ? Map.of(eos, tokens.text(eos)) : Map.of();
        json.around(before, after);
    }

    private TokenizerBlueprint byteLevel() {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (ids.put(tokens.text(id), id) != null) {
                throw unsupported("has the token '" + tokens.text(id) + "' twice", "tokens that differ");
            }
        }
        ByteLevelSplit split = split();
        TokenizerBlueprint json = new TokenizerBlueprint();
        json.model(ByteLevelConversion.model(ids, merges(), split));
        for (int id = 0; id < tokens.size(); id++) {
            PieceType type = tokens.type(id);
            if (type == PieceType.CONTROL || type == PieceType.UNKNOWN) {
                json.addToken(id, tokens.text(id), true, false);
            } else if (type == PieceType.USER_DEFINED) {
                json.addToken(id, tokens.text(id), false, false);
            }
        }
        split.addTo(json, flag("add_space_prefix", false));
        json.decoder(ByteLevelSplit.decoder());
        putAround(json, id("bos_token_id", -1), split.beginsWithBos(), id("eos_token_id", -1));
        return json;
    }

    /** Two tokens with a space between, which the second may have more of. */
    private List<List<String>> merges() {
        List<String> lines = metadata.texts(KEYS + "merges");
        if (lines.isEmpty() && tokens.hasWords()) {
            throw unsupported(
                    "has no '" + KEYS + "merges', so that no token of several characters is ever made", "merges");
        }
        List<List<String>> merges = new ArrayList<>(lines.size());
        for (String line : lines) {
            int space = line.indexOf(' ', 1);
            if (space < 0 || space == line.length() - 1) {
                throw unsupported("has the merge '" + line + "'", "two tokens with a space between");
            }
            merges.add(List.of(line.substring(0, space), line.substring(space + 1)));
        }
        return merges;
    }

    private ByteLevelSplit split() {
        String name = metadata.text(KEYS + "pre").orElse("");
        return ByteLevelSplit.ofGguf(name)
                .orElseThrow(() -> unsupported(
                        name.isEmpty()
                                ? "does not say how text is split ('" + KEYS + "pre' is missing)"
                                : "splits text as '" + name + "'",
                        String.join(", ", ByteLevelSplit.ggufNames())));
    }

    private FormatException unsupported(String what, String supported) {
        return new FormatException(
                what,
                where,
                "supported: " + supported,
                "Put the model's tokenizer.json beside the file, or convert the model again with a current"
                        + " convert_hf_to_gguf.py.");
    }
}
