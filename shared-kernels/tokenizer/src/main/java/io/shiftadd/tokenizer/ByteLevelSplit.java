package io.shiftadd.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How families with byte-level BPE split a text before it is merged; each is the pattern of the original tokenizer. */
enum ByteLevelSplit {
    /** OPT and GPT-2: the library's own pattern. */
    GPT2(List.of(), "gpt-2", "phi-2", "mpt", "olmo", "jais", "gigachat", "mellum", "exaone4", "trillion"),
    /** GPT-2's after each digit is on its own. */
    DIGITS(List.of("\\p{N}"), "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b"),
    /** What llama.cpp calls default. */
    PUNCTUATION(List.of("[\\p{P}\\$\\+<=>\\^~\\|]+", ByteLevelSplit.WORDS, "\\p{N}+", "[0-9][0-9][0-9]"), "default"),
    BLOOM(List.of(" ?[^(\\s|[.,!?…。，、।۔،])]+"), "bloom", "poro-chat", "gpt3-finnish"),
    LLAMA3(List.of(ByteLevelSplit.LLAMA3_WORDS), "llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral", "lfm2"),
    /** LLaMA 3's, without its way of taking whole words first. */
    DBRX(List.of(ByteLevelSplit.LLAMA3_WORDS), "dbrx", "smaug-bpe"),
    TEKKEN(
            List.of("[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                    + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|\\p{N}"
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
            "tekken"),
    QWEN2(
            List.of("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
            "qwen2",
            "deepseek-r1-qwen",
            "stablelm2",
            "megrez",
            "kormo");

    private static final String WORDS =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    private static final String LLAMA3_WORDS =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private final List<String> patterns;
    private final List<String> names;

    ByteLevelSplit(List<String> patterns, String... names) {
        this.patterns = patterns;
        this.names = List.of(names);
    }

    /** That of a GGUF file's {@code tokenizer.ggml.pre}. */
    static Optional<ByteLevelSplit> ofGguf(String name) {
        return Arrays.stream(values())
                .filter(split -> split.names.contains(name))
                .findFirst();
    }

    /**
     * What GGUF calls the split by these patterns.
     *
     * @param words whether the library's own pattern comes last
     */
    static Optional<String> nameInGguf(List<String> patterns, boolean words) {
        return Arrays.stream(values())
                .filter(split -> split.patterns.equals(patterns) && words == (split == GPT2 || split == DIGITS))
                .map(split -> split.names.getFirst())
                .findFirst();
    }

    static List<String> ggufNames() {
        return Arrays.stream(values()).flatMap(split -> split.names.stream()).toList();
    }

    /** Whether a word that is a token is taken whole, whatever the merges would make of it. */
    boolean wholeWordsFirst() {
        return this == LLAMA3 || this == TEKKEN;
    }

    /** Whether a GGUF file that does not say it means BOS before each text. */
    boolean beginsWithBos() {
        return this == LLAMA3 || this == TEKKEN;
    }

    void addTo(TokenizerBlueprint json, boolean addPrefixSpace) {
        if (this == QWEN2) {
            json.normalizer(Map.of("type", "NFC"));
        }
        for (String pattern : patterns) {
            json.preTokenizer(Map.of(
                    "type", "Split", "pattern", Map.of("Regex", pattern), "behavior", "Isolated", "invert", false));
        }
        json.preTokenizer(byteLevel(addPrefixSpace, this == GPT2 || this == DIGITS));
    }

    static Map<String, Object> decoder() {
        return byteLevel(false, true);
    }

    private static Map<String, Object> byteLevel(boolean addPrefixSpace, boolean useRegex) {
        return Map.of(
                "type", "ByteLevel", "add_prefix_space", addPrefixSpace, "trim_offsets", true, "use_regex", useRegex);
    }
}
