package io.shiftadd.tokenizer;

import io.shiftadd.format.ModelJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A tokenizer.json in the making, for tokenizers that come in other forms. */
final class TokenizerBlueprint {

    private Map<String, Object> model = Map.of();
    private final List<Object> addedTokens = new ArrayList<>();
    private final List<Object> normalizers = new ArrayList<>();
    private final List<Object> preTokenizers = new ArrayList<>();
    private Map<String, Object> decoder = Map.of();
    private Map<String, Object> postProcessor = Map.of();
    private OptionalInt bos = OptionalInt.empty();
    private OptionalInt eos = OptionalInt.empty();

    void model(Map<String, Object> section) {
        model = section;
    }

    /**
     * @param normalized whether it is looked for in the normalized text instead of the text as given
     */
    void addToken(int id, String content, boolean special, boolean normalized) {
        Map<String, Object> token = new LinkedHashMap<>();
        token.put("id", id);
        token.put("content", content);
        token.put("single_word", false);
        token.put("lstrip", false);
        token.put("rstrip", false);
        token.put("normalized", normalized);
        token.put("special", special);
        addedTokens.add(token);
    }

    void normalizer(Map<String, Object> step) {
        normalizers.add(step);
    }

    void preTokenizer(Map<String, Object> step) {
        preTokenizers.add(step);
    }

    void decoder(Map<String, Object> section) {
        decoder = section;
    }

    /** Which token ends a text when no other file says so. */
    void eos(int id) {
        eos = OptionalInt.of(id);
    }

    OptionalInt eos() {
        return eos;
    }

    OptionalInt bos() {
        return bos;
    }

    /** Which token begins a text when no other file says so. */
    void bos(int id) {
        bos = OptionalInt.of(id);
    }

    /**
     * What is put around each text.
     *
     * @param before empty, or the id and its token
     * @param after likewise
     */
    void around(Map<Integer, String> before, Map<Integer, String> after) {
        List<Object> single = new ArrayList<>();
        Map<String, Object> tokens = new LinkedHashMap<>();
        before.forEach((id, token) -> addSpecial(id, token, single, tokens));
        single.add(Map.of("Sequence", Map.of("id", "A", "type_id", 0)));
        after.forEach((id, token) -> addSpecial(id, token, single, tokens));
        List<Object> pair = new ArrayList<>(single);
        before.forEach((id, token) -> addSpecial(id, token, pair, tokens));
        pair.add(Map.of("Sequence", Map.of("id", "B", "type_id", 1)));
        after.forEach((id, token) -> addSpecial(id, token, pair, tokens));
        postProcessor = Map.of("type", "TemplateProcessing", "single", single, "pair", pair, "special_tokens", tokens);
    }

    private static void addSpecial(int id, String token, List<Object> template, Map<String, Object> tokens) {
        template.add(Map.of("SpecialToken", Map.of("id", token, "type_id", 0)));
        tokens.put(token, Map.of("id", token, "ids", List.of(id), "tokens", List.of(token)));
    }

    byte[] toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", "1.0");
        json.put("added_tokens", addedTokens);
        if (!normalizers.isEmpty()) {
            json.put("normalizer", Map.of("type", "Sequence", "normalizers", normalizers));
        }
        if (!preTokenizers.isEmpty()) {
            json.put("pre_tokenizer", Map.of("type", "Sequence", "pretokenizers", preTokenizers));
        }
        if (!postProcessor.isEmpty()) {
            json.put("post_processor", postProcessor);
        }
        json.put("decoder", decoder);
        json.put("model", model);
        return ModelJson.write(json).getBytes(StandardCharsets.UTF_8);
    }
}
