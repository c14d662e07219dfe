package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.gguf.GgufMetadata;
import io.shiftadd.tokenizer.SentencePieceModel.PieceType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The tokens of a GGUF vocabulary, odd ones included, as llama.cpp takes them. */
final class GgufTokens {

    private static final String KEYS = "tokenizer.ggml.";

    /** Ids that end a turn, a message or a text. */
    private static final List<String> END_KEYS =
            List.of("eot_token_id", "eom_token_id", "fim_pad_token_id", "fim_rep_token_id", "fim_sep_token_id");

    /** Tokens that end what a model generates wherever they are in a vocabulary, because many files do not say so. */
    private static final Set<String> ENDS = Set.of(
            "<|eot_id|>",
            "<|eom_id|>",
            "<|im_end|>",
            "<|end|>",
            "<|return|>",
            "<|call|>",
            "<|flush|>",
            "<|calls|>",
            "<end_of_turn>",
            "<turn|>",
            "<|endoftext|>",
            "<|end_of_text|>",
            "<end_of_utterance>",
            "<EOT>",
            "_<EOT>",
            "[EOT]",
            "[EOS]",
            "[e~[",
            "<\uFF5Cend\u2581of\u2581sentence\uFF5C>",
            "<|fim_pad|>",
            "<fim-pad>",
            "<fim_pad>",
            "<PAD>",
            "<|fim_repo|>",
            "<|repo_name|>",
            "<fim-repo>",
            "<REPO>",
            "<reponame>",
            "<|file_sep|>");

    /** Stands for bytes that are no UTF-8, so that tokens may look alike that are not. */
    private static final char REPLACEMENT = 0xFFFD;

    private final GgufMetadata metadata;
    private final String where;
    private final List<String> texts = new ArrayList<>();
    private final PieceType[] types;
    private final double[] scores;

    private GgufTokens(GgufMetadata metadata, String where) {
        this.metadata = metadata;
        this.where = where;
        Set<String> notUtf8 = new HashSet<>();
        for (String text : metadata.lenientTexts(KEYS + "tokens")) {
            boolean isTaken = text.indexOf(REPLACEMENT) >= 0 && !notUtf8.add(text);
            String instead = text.isEmpty() ? "[EMPTY_" : isTaken ? "[BYTES_" : "";
            texts.add(instead.isEmpty() ? text : instead + texts.size() + "]");
        }
        this.types = types();
        this.scores = metadata.numbers(KEYS + "scores");
        if (scores.length != 0 && scores.length != texts.size()) {
            throw lengths("scores", scores.length);
        }
    }

    static GgufTokens read(GgufMetadata metadata, String where) {
        GgufTokens tokens = new GgufTokens(metadata, where);
        if (tokens.texts.isEmpty()) {
            throw new FormatException(
                    "has no vocabulary",
                    where,
                    "'" + KEYS + "tokens' is needed",
                    "Convert the model again with its tokenizer, or put a tokenizer.json beside the file.");
        }
        return tokens;
    }

    private PieceType[] types() {
        long[] codes = metadata.integers(KEYS + "token_type");
        if (codes.length != 0 && codes.length != texts.size()) {
            throw lengths("token_type", codes.length);
        }
        PieceType[] all = new PieceType[texts.size()];
        for (int id = 0; id < all.length; id++) {
            long code = codes.length == 0 ? 1 : codes[id];
            PieceType written = code < 1 || code > PieceType.values().length
                    ? PieceType.NORMAL
                    : PieceType.values()[(int) code - 1];
            all[id] = ENDS.contains(texts.get(id)) ? PieceType.CONTROL : written;
        }
        return all;
    }

    int size() {
        return texts.size();
    }

    String text(int id) {
        return texts.get(id);
    }

    PieceType type(int id) {
        return types[id];
    }

    /** What is no number is the worst. */
    float score(int id) {
        double score = scores.length == 0 ? 0 : scores[id];
        return Double.isNaN(score) ? Float.NEGATIVE_INFINITY : (float) score;
    }

    /** Whether any is made of several characters, which takes merges. */
    boolean hasWords() {
        for (int id = 0; id < types.length; id++) {
            if (types[id] == PieceType.NORMAL
                    && texts.get(id).codePointCount(0, texts.get(id).length()) > 1) {
                return true;
            }
        }
        return false;
    }

    /**
     * All ids that end a generated text.
     *
     * @param eos the first of them, or -1
     */
    List<Integer> ends(int eos) {
        Set<Integer> ends = new LinkedHashSet<>();
        if (eos >= 0) {
            ends.add(eos);
        }
        for (String key : END_KEYS) {
            metadata.integer(KEYS + key).ifPresent(id -> {
                if (id >= 0 && id < texts.size()) {
                    ends.add((int) id);
                }
            });
        }
        for (int id = 0; id < texts.size(); id++) {
            if (ENDS.contains(texts.get(id))) {
                ends.add(id);
            }
        }
        return List.copyOf(ends);
    }

    private FormatException lengths(String key, int length) {
        return new FormatException(
                "has " + length + " of '" + KEYS + key + "'",
                where,
                "there are " + texts.size() + " tokens",
                "Put the model's tokenizer.json beside the file.");
    }
}
