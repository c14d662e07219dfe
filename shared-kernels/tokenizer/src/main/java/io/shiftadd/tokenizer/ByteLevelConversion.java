package io.shiftadd.tokenizer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Writes byte-level BPE that comes as {@code vocab.json} and {@code merges.txt} (OPT, GPT-2, Qwen2) as a
 * tokenizer.json.
 */
final class ByteLevelConversion {

    /** The first tokens of OPT's dictionary, which is of the form that fairseq writes. */
    private static final List<String> FAIRSEQ_TOKENS = List.of("<s>", "<pad>", "</s>", "<unk>");

    private final Map<String, Integer> vocabulary;
    private final ModelSettings settings;

    private ByteLevelConversion(Map<String, Integer> vocabulary, ModelSettings settings) {
        this.vocabulary = vocabulary;
        this.settings = settings;
    }

    static TokenizerBlueprint convert(
            Map<String, Integer> vocabulary, List<List<String>> merges, ModelSettings settings) {
        return new ByteLevelConversion(vocabulary, settings).convert(merges);
    }

    private TokenizerBlueprint convert(List<List<String>> merges) {
        ByteLevelSplit split = settings.modelType().equals("qwen2") ? ByteLevelSplit.QWEN2 : ByteLevelSplit.GPT2;
        TokenizerBlueprint json = new TokenizerBlueprint();
        json.model(model(vocabulary, merges, split));
        for (String token : specialTokens()) {
            Integer id = vocabulary.get(token);
            if (id != null) {
                json.addToken(id, token, true, false);
            }
        }
        split.addTo(json, settings.tokenizerConfig().path("add_prefix_space").asBoolean(false));
        json.decoder(ByteLevelSplit.decoder());
        Integer end = vocabulary.get("</s>");
        if (end != null && isOpt()) {
            // OPT was trained with its end token before each text.
            json.bos(end);
            json.eos(end);
        }
        Integer endOfText = vocabulary.get("<|endoftext|>");
        if (endOfText != null) {
            json.eos(endOfText);
        }
        return json;
    }

    static Map<String, Object> model(Map<String, Integer> vocabulary, List<List<String>> merges, ByteLevelSplit split) {
        Map<String, Object> bpe = new LinkedHashMap<>();
        bpe.put("type", "BPE");
        bpe.put("fuse_unk", false);
        bpe.put("byte_fallback", false);
        bpe.put("ignore_merges", split.wholeWordsFirst());
        bpe.put("vocab", vocabulary);
        bpe.put("merges", merges);
        return bpe;
    }

    /** config.json tells when it is there; without it the dictionary does, which among these families only OPT has. */
    private boolean isOpt() {
        String type = settings.modelType();
        return type.equals("opt") || type.isEmpty() && hasFairseqDictionary();
    }

    private boolean hasFairseqDictionary() {
        for (int id = 0; id < FAIRSEQ_TOKENS.size(); id++) {
            if (!Integer.valueOf(id).equals(vocabulary.get(FAIRSEQ_TOKENS.get(id)))) {
                return false;
            }
        }
        return true;
    }

    private Set<String> specialTokens() {
        Set<String> tokens = new LinkedHashSet<>();
        if (hasFairseqDictionary()) {
            tokens.addAll(FAIRSEQ_TOKENS);
        }
        tokens.add("<|endoftext|>");
        for (JsonNode config : List.of(settings.tokenizerConfig(), settings.specialTokensMap())) {
            List<JsonNode> named = new ArrayList<>();
            for (String key : List.of("bos_token", "eos_token", "unk_token", "pad_token")) {
                named.add(config.path(key));
            }
            config.path("additional_special_tokens").forEach(named::add);
            for (JsonNode token : named) {
                JsonNode content = token.isObject() ? token.path("content") : token;
                if (content.isString()) {
                    tokens.add(content.stringValue());
                }
            }
        }
        return tokens;
    }
}
