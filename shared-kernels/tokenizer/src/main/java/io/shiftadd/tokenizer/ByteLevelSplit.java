package io.shiftadd.tokenizer;

import java.util.Map;

/** How families with byte-level BPE split a text before it is merged; each is the pattern of the original tokenizer. */
enum ByteLevelSplit {
    /** OPT and GPT-2: the library's own pattern. */
    GPT2("", false),
    BLOOM(" ?[^(\\s|[.,!?…。，、।۔،])]+", false),
    LLAMA3(
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            true),
    QWEN2(
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            false);

    private final String pattern;
    private final boolean wholeWordsFirst;

    ByteLevelSplit(String pattern, boolean wholeWordsFirst) {
        this.pattern = pattern;
        this.wholeWordsFirst = wholeWordsFirst;
    }

    /** Whether a word that is a token is taken whole, whatever the merges would make of it. */
    boolean wholeWordsFirst() {
        return wholeWordsFirst;
    }

    void addTo(TokenizerBlueprint json, boolean addPrefixSpace) {
        if (this == QWEN2) {
            json.normalizer(Map.of("type", "NFC"));
        }
        if (!pattern.isEmpty()) {
            json.preTokenizer(Map.of(
                    "type", "Split", "pattern", Map.of("Regex", pattern), "behavior", "Isolated", "invert", false));
        }
        json.preTokenizer(byteLevel(addPrefixSpace, pattern.isEmpty()));
    }

    static Map<String, Object> decoder() {
        return byteLevel(false, true);
    }

    private static Map<String, Object> byteLevel(boolean addPrefixSpace, boolean useRegex) {
        return Map.of(
                "type", "ByteLevel", "add_prefix_space", addPrefixSpace, "trim_offsets", true, "use_regex", useRegex);
    }
}
