package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.tokenizer.SentencePieceModel.Algorithm;
import io.shiftadd.tokenizer.SentencePieceModel.Piece;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a SentencePiece model as the tokenizer.json that gives the same ids, as transformers does for LLaMA: spaces
 * become ▁, one is put before the text, and BPE merges are all splits of a piece into pieces, best score first.
 *
 * <p>Deviation from SentencePiece: runs of spaces are only collapsed when the file asks for it in so many words. Its
 * default would collapse them, but no reader of LLaMA files does, and text would not survive.
 */
final class SentencePieceConversion {

    private static final String SPACE = "▁";

    /** Where a space is put before text. */
    enum Prefix {
        NONE,
        /** Before the text and after each special token in it, as SentencePiece's first users do. */
        EACH_PART,
        /** Only before the whole text, and not before a space. */
        WHOLE_TEXT
    }

    private final SentencePieceModel model;
    private final Prefix prefix;
    private final String where;
    private final Map<String, Integer> ids = new LinkedHashMap<>();

    private SentencePieceConversion(SentencePieceModel model, Prefix prefix, String where) {
        this.model = model;
        this.prefix = model.addsDummyPrefix() ? prefix : Prefix.NONE;
        this.where = where;
    }

    static TokenizerBlueprint convert(SentencePieceModel model, Prefix prefix, String where) {
        return new SentencePieceConversion(model, prefix, where).convert();
    }

    private TokenizerBlueprint convert() {
        for (int id = 0; id < model.pieces().size(); id++) {
            String text = model.pieces().get(id).text();
            if (ids.putIfAbsent(text, id) != null) {
                throw new FormatException(
                        "has the piece '" + text + "' twice",
                        where,
                        "each piece has one id, or no reader knows which is meant",
                        "Put the model's tokenizer.json beside the file, or convert the model again.");
            }
        }
        TokenizerBlueprint json = new TokenizerBlueprint();
        json.model(model.algorithm() == Algorithm.BPE ? bpe() : unigram());
        addTokens(json);
        normalize(json);
        json.decoder(decoder());
        if (model.bosId() >= 0) {
            json.bos(model.bosId());
        }
        if (model.eosId() >= 0) {
            json.eos(model.eosId());
        }
        return json;
    }

    private String text(int id) {
        return model.pieces().get(id).text();
    }

    private Map<String, Object> bpe() {
        Map<String, Object> bpe = new LinkedHashMap<>();
        bpe.put("type", "BPE");
        if (model.unkId() >= 0) {
            bpe.put("unk_token", text(model.unkId()));
        }
        bpe.put("fuse_unk", true);
        bpe.put("byte_fallback", model.byteFallback());
        bpe.put("vocab", ids);
        bpe.put("merges", PieceMerges.of(model.pieces()));
        return bpe;
    }

    private Map<String, Object> unigram() {
        List<Object> vocabulary = new ArrayList<>();
        model.pieces().forEach(piece -> vocabulary.add(List.of(piece.text(), piece.score())));
        Map<String, Object> unigram = new LinkedHashMap<>();
        unigram.put("type", "Unigram");
        if (model.unkId() >= 0) {
            unigram.put("unk_id", model.unkId());
        }
        unigram.put("byte_fallback", model.byteFallback());
        unigram.put("vocab", vocabulary);
        return unigram;
    }

    private void addTokens(TokenizerBlueprint json) {
        for (int id = 0; id < model.pieces().size(); id++) {
            Piece piece = model.pieces().get(id);
            switch (piece.type()) {
                case UNKNOWN, CONTROL -> json.addToken(id, piece.text(), true, false);
                // Those with spaces must be looked for after spaces have become what they are in pieces.
                case USER_DEFINED ->
                    json.addToken(id, piece.text(), false, piece.text().contains(SPACE) && prefix == Prefix.NONE);
                case NORMAL, UNUSED, BYTE -> {}
            }
        }
    }

    private void normalize(TokenizerBlueprint json) {
        if (model.charsmap().length > 0) {
            json.normalizer(Map.of(
                    "type",
                    "Precompiled",
                    "precompiled_charsmap",
                    Base64.getEncoder().encodeToString(model.charsmap())));
        }
        if (Boolean.TRUE.equals(model.removesExtraWhitespace())) {
            json.normalizer(Map.of("type", "Strip", "strip_left", true, "strip_right", true));
            json.normalizer(Map.of("type", "Replace", "pattern", Map.of("Regex", " {2,}"), "content", " "));
        }
        if (prefix == Prefix.EACH_PART) {
            json.normalizer(Map.of("type", "Prepend", "prepend", SPACE));
        } else if (prefix == Prefix.WHOLE_TEXT) {
            // transformers' newer way: not after special tokens, nor before a space.
            json.preTokenizer(
                    Map.of("type", "Metaspace", "replacement", SPACE, "prepend_scheme", "first", "split", false));
        }
        json.normalizer(Map.of("type", "Replace", "pattern", Map.of("String", " "), "content", SPACE));
    }

    private Map<String, Object> decoder() {
        List<Object> decoders = new ArrayList<>();
        decoders.add(Map.of("type", "Replace", "pattern", Map.of("String", SPACE), "content", " "));
        decoders.add(Map.of("type", "ByteFallback"));
        decoders.add(Map.of("type", "Fuse"));
        if (prefix != Prefix.NONE) {
            decoders.add(Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0));
        }
        return Map.of("type", "Sequence", "decoders", decoders);
    }
}
