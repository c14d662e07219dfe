package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.tokenizer.encoding.ByteAlphabet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The steps of {@code decoder} in a tokenizer.json, for whole texts and for ids that come one after the other.
 */
final class DecoderPlan {

    /** More than any tokenizer has; each takes time with each token. */
    private static final int MAX_STAGES = 100;

    /** What all together may make of a character, as for normalizers. */
    private static final int MAX_GROWTH = 64;

    private static final int MAX_PATTERN = 64;

    private final String where;
    private final List<Supplier<DecoderStage>> incremental = new ArrayList<>();
    private final List<Supplier<DecoderStage>> whole = new ArrayList<>();
    private final List<Function<String, String>> replacements = new ArrayList<>();
    private double growth = 1;
    private boolean byteLevel;
    private boolean byteFallback;
    private boolean fused;

    private DecoderPlan(String where) {
        this.where = where;
    }

    static DecoderPlan of(@Nullable JsonNode decoder, String where) {
        DecoderPlan plan = new DecoderPlan(where + ", decoder");
        if (decoder == null || decoder.isNull()) {
            plan.addStage(DecoderStages.JoinWithSpaces::new);
        } else {
            plan.add(decoder);
        }
        return plan;
    }

    private void add(JsonNode decoder) {
        String type = decoder.path("type").asString("");
        if (incremental.size() == MAX_STAGES) {
            throw unsupported("more than " + MAX_STAGES + " decoders");
        }
        switch (type) {
            case "Sequence" -> decoder.path("decoders").forEach(this::add);
            case "ByteLevel" -> {
                byteLevel = true;
                fused = true;
                addStage(DecoderStages.Bytes::new);
            }
            case "ByteFallback" -> {
                byteFallback = true;
                incremental.add(DecoderStages.ByteFallback::new);
                whole.add(DecoderStages.WholeRuns::new);
            }
            // Pieces are only ever concatenated here, so that there is nothing left to fuse.
            case "Fuse" -> fused = true;
            case "Metaspace" -> addMetaspace(decoder);
            case "Replace" -> addReplace(decoder);
            case "Strip" -> addStrip(decoder);
            default -> throw unsupported(type.isEmpty() ? "a decoder without type" : "decoder " + type);
        }
    }

    private void addStage(Supplier<DecoderStage> stage) {
        incremental.add(stage);
        whole.add(stage);
    }

    private void addMetaspace(JsonNode decoder) {
        String replacement = decoder.path("replacement").asString("▁");
        boolean dropsFirst = decoder.has("prepend_scheme")
                ? !decoder.path("prepend_scheme").asString("").equals("never")
                : decoder.path("add_prefix_space").asBoolean(true);
        if (fused || replacement.isEmpty()) {
            throw unsupported("this Metaspace decoder");
        }
        replacements.add(token -> token.replace(replacement, " "));
        addStage(() -> new DecoderStages.Metaspace(replacement, dropsFirst));
    }

    private void addReplace(JsonNode decoder) {
        String pattern = decoder.path("pattern").path("String").asString("");
        String content = decoder.path("content").asString("");
        growth *= Math.max(1, (double) content.length() / Math.max(1, pattern.length()));
        if (growth > MAX_GROWTH || pattern.length() > MAX_PATTERN) {
            throw new FormatException(
                    "has Replace decoders that make " + (long) growth + " characters of one, or look for "
                            + pattern.length(),
                    where,
                    "the limits are " + MAX_GROWTH + " and " + MAX_PATTERN,
                    "Use the tokenizer files of the original model.");
        }
        // Once fused, a longer pattern could lie across two pieces.
        if (pattern.isEmpty() || fused && pattern.codePointCount(0, pattern.length()) > 1) {
            throw unsupported("this Replace decoder");
        }
        replacements.add(token -> token.replace(pattern, content));
        addStage(() -> new DecoderStages.Replace(pattern, content));
    }

    private void addStrip(JsonNode decoder) {
        String content = decoder.path("content").asString("");
        int start = decoder.path("start").asInt(0);
        if (!fused
                || content.codePointCount(0, content.length()) != 1
                || decoder.path("stop").asInt(0) != 0) {
            throw unsupported("this Strip decoder");
        }
        addStage(() -> new DecoderStages.StripStart(content.codePointAt(0), start));
    }

    private FormatException unsupported(String what) {
        return new FormatException(
                "has " + what,
                where,
                "supported are those of the OPT, LLaMA, BLOOM, Mistral, Gemma and Qwen families: ByteLevel, Metaspace"
                        + " and sequences of Replace, ByteFallback, Fuse, Strip at the start",
                "Use the tokenizer files of the original model.");
    }

    /** How the decoder wants an added token spelled, so that it gives the text as it is written. */
    String spelled(String written) {
        return byteLevel ? ByteAlphabet.spell(written) : written;
    }

    /** The bytes that a token stands for in the middle of a text. */
    byte[] bytes(String token) {
        if (byteLevel) {
            return ByteAlphabet.bytes(token);
        }
        int value = byteFallback ? DecoderStages.byteValue(token) : -1;
        if (value >= 0) {
            return new byte[] {(byte) value};
        }
        String text = token;
        for (Function<String, String> replacement : replacements) {
            text = replacement.apply(text);
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A decoder for a text whose ids are all there: what the reference makes of them. */
    DecoderRun whole() {
        return new DecoderRun(whole.stream().map(Supplier::get).toList());
    }

    /** A decoder for a text whose ids come one after the other. */
    DecoderRun incremental() {
        return new DecoderRun(incremental.stream().map(Supplier::get).toList());
    }
}
