package io.shiftadd.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.FuzzedInput;
import io.shiftadd.Mutations;
import io.shiftadd.tokenizer.encoding.TokenizationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is in a tokenizer's files: a tokenizer is made of it that encodes and decodes, or it is refused. Seeded, so
 * that a failure repeats.
 */
@Timeout(180)
class TokenizerFuzzTest {

    private static final String TEXT = "ab abc <s>b é🙂\u0000 1 11\n a▁";

    @TempDir
    Path directory;

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final byte[] BPE = utf8("""
            {"version": "1.0", "truncation": null, "padding": null,
             "added_tokens": [
              {"id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true},
              {"id": 1, "content": "<s>", "single_word": false, "lstrip": true, "rstrip": false, "normalized": false, "special": true},
              {"id": 7, "content": "<x>", "single_word": true, "lstrip": false, "rstrip": true, "normalized": true, "special": false}],
             "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
              {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}, {"type": "NFC"}]},
             "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": "\\\\d+|\\\\D"},
              "behavior": "Isolated", "invert": false}, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": false}]},
             "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
              {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
              "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
             "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
              {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
             "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>", "continuing_subword_prefix": null, "end_of_word_suffix": null,
              "fuse_unk": true, "byte_fallback": true, "ignore_merges": false,
              "vocab": {"<unk>": 0, "<s>": 1, "▁": 2, "a": 3, "b": 4, "ab": 5, "▁ab": 6}, "merges": [["a", "b"], ["▁", "ab"]]}}
            """);

    private static final byte[] UNIGRAM = utf8("""
            {"version": "1.0", "added_tokens": [{"id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
             "normalizer": null, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
             "post_processor": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, "use_regex": true},
             "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
             "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": false, "vocab": [["<unk>", 0.0], ["a", -1.5], ["b", -2], ["ab", -1], ["Ġ", -3]]}}
            """);

    private void open() {
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            try {
                tokenizer.decode(tokenizer.encode(TEXT, true), true);
            } catch (TokenizationException e) {
                assertThat(e).message().isNotBlank();
            }
            tokenizer.chatTemplate();
        }
    }

    @Test
    void readsOrRefusesOtherTokenizerJson() throws IOException {
        Path file = directory.resolve("tokenizer.json");
        Mutations mutations = new Mutations(31);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] seed = i % 3 == 0 ? UNIGRAM : BPE;
            byte[] input = i % 4 == 0 ? mutations.bytes(seed, BPE) : mutations.json(seed);
            FuzzedInput.write(file, input);
            read += FuzzedInput.readOrRefuse(input, this::open) ? 1 : 0;
        }
        assertThat(read).isBetween(300, 19_000);
    }

    @Test
    void readsOrRefusesOtherSettings() throws IOException {
        FuzzedInput.write(directory.resolve("tokenizer.json"), BPE);
        Map<String, byte[]> seeds = Map.of(
                "tokenizer_config.json",
                utf8("""
                        {"bos_token": "<s>", "eos_token": {"content": "<x>"}, "add_bos_token": true, "unk_token": "<unk>",
                         "added_tokens_decoder": {"0": {"content": "<unk>", "special": true}, "8": {"content": "<y>", "special": true}},
                         "extra_special_tokens": {"image_token": "<y>"},
                         "chat_template": [{"name": "default", "template": "{{ bos_token }}"}]}
                        """),
                "config.json",
                utf8("{\"vocab_size\": 12, \"bos_token_id\": 1, \"eos_token_id\": [1, 2], \"model_type\": \"llama\"}"),
                "generation_config.json",
                utf8("{\"bos_token_id\": 1, \"eos_token_id\": [1, 2]}"),
                "special_tokens_map.json",
                utf8("{\"bos_token\": \"<s>\", \"eos_token\": {\"content\": \"<x>\"}}"),
                "added_tokens.json",
                utf8("{\"<y>\": 8, \"<z>\": 9}"));
        Mutations mutations = new Mutations(32);
        List<String> names = seeds.keySet().stream().sorted().toList();
        for (int i = 0; i < 6_000; i++) {
            String name = names.get(i % names.size());
            byte[] seed = seeds.get(name);
            byte[] input = i % 3 == 0 ? mutations.bytes(seed, seed) : mutations.json(seed);
            FuzzedInput.write(directory.resolve(name), input);
            FuzzedInput.readOrRefuse(input, this::open);
            FuzzedInput.write(directory.resolve(name), seed);
        }
    }

    @Test
    void readsOrRefusesOtherSentencePieceModels() throws IOException {
        Map<String, Float> pieces = Map.of("▁", -1f, "a", -2f, "b", -3f, "ab", -4f, "▁ab", -5f, "é", -6f);
        byte[][] seeds = {
            new SentencePieceBytes().bpe(pieces).flags(true, false).toByteArray(),
            new SentencePieceBytes().unigram(pieces).flags(false, true).toByteArray()
        };
        Mutations mutations = new Mutations(33);
        Path file = directory.resolve("tokenizer.model");
        int read = 0;
        for (int i = 0; i < 12_000; i++) {
            byte[] input = mutations.protobuf(seeds[i % 2]);
            FuzzedInput.write(file, input);
            read += FuzzedInput.readOrRefuse(input, this::open) ? 1 : 0;
        }
        assertThat(read).isBetween(200, 11_500);
    }

    @Test
    void readsOrRefusesOtherVocabulariesAndMerges() throws IOException {
        byte[] vocabulary = utf8("{\"<s>\": 0, \"a\": 1, \"b\": 2, \"ab\": 3, \"\\u0120\": 4, \"\\u0120ab\": 5}");
        byte[] merges = utf8("#version: 0.2\na b\n\u0120 ab\n");
        Mutations mutations = new Mutations(34);
        for (int i = 0; i < 6_000; i++) {
            byte[] a = i % 2 == 0 ? mutations.json(vocabulary) : vocabulary;
            byte[] b = i % 2 == 1 ? mutations.bytes(merges, vocabulary) : merges;
            FuzzedInput.write(directory.resolve("vocab.json"), a);
            FuzzedInput.write(directory.resolve("merges.txt"), b);
            FuzzedInput.readOrRefuse(i % 2 == 0 ? a : b, this::open);
        }
    }
}
