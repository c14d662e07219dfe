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
 * The steps of {@code decoder} in a tokenizer.json, so that each id gives the text that is certain so far.
 */
final class DecoderPlan {

    private final String where;
    private final List<Supplier<DecoderStage>> stages = new ArrayList<>();
    private final List<Function<String, String>> replacements = new ArrayList<>();
    private boolean byteLevel;
    private boolean byteFallback;
    private boolean fused;

    private DecoderPlan(String where) {
        this.where = where;
    }

    static DecoderPlan of(@Nullable JsonNode decoder, String where) {
        DecoderPlan plan = new DecoderPlan(where + ", decoder");
        if (decoder == null || decoder.isNull()) {
            plan.stages.add(DecoderStages.JoinWithSpaces::new);
        } else {
            plan.add(decoder);
        }
        return plan;
    }

    private void add(JsonNode decoder) {
        String type = decoder.path("type").asString("");
        switch (type) {
            case "Sequence" -> decoder.path("decoders").forEach(this::add);
            case "ByteLevel" -> {
                byteLevel = true;
                fused = true;
                stages.add(DecoderStages.Bytes::new);
            }
            case "ByteFallback" -> {
                byteFallback = true;
                stages.add(DecoderStages.ByteFallback::new);
            }
            // Pieces are only ever concatenated here, so that there is nothing left to fuse.
            case "Fuse" -> fused = true;
            case "Metaspace" -> addMetaspace(decoder);
            case "Replace" -> addReplace(decoder);
            case "Strip" -> addStrip(decoder);
            default -> throw unsupported(type.isEmpty() ? "a decoder without type" : "decoder " + type);
        }
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
        stages.add(() -> new DecoderStages.Metaspace(replacement, dropsFirst));
    }

    private void addReplace(JsonNode decoder) {
        String pattern = decoder.path("pattern").path("String").asString("");
        String content = decoder.path("content").asString("");
        // Once fused, a longer pattern could lie across two pieces.
        if (pattern.isEmpty() || fused && pattern.codePointCount(0, pattern.length()) > 1) {
            throw unsupported("this Replace decoder");
        }
        replacements.add(token -> token.replace(pattern, content));
        stages.add(() -> new DecoderStages.Replace(pattern, content));
    }

    private void addStrip(JsonNode decoder) {
        String content = decoder.path("content").asString("");
        int start = decoder.path("start").asInt(0);
        if (!fused
                || content.codePointCount(0, content.length()) != 1
                || decoder.path("stop").asInt(0) != 0) {
            throw unsupported("this Strip decoder");
        }
        stages.add(() -> new DecoderStages.StripStart(content.codePointAt(0), start));
    }

    private FormatException unsupported(String what) {
        return new FormatException(
                "has " + what,
                where,
                "supported are those of the OPT, LLaMA, BLOOM, Mistral, Gemma and Qwen families: ByteLevel, Metaspace"
                        + " and sequences of Replace, ByteFallback, Fuse, Strip at the start",
                "Use the tokenizer files of the original model.");
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

    /** A decoder for one text. */
    Run start() {
        return new Run(stages.stream().map(Supplier::get).toList());
    }

    /** The stages at work on one text. */
    static final class Run {
        private final List<DecoderStage> stages;
        private final StringBuilder text = new StringBuilder();

        private Run(List<DecoderStage> stages) {
            this.stages = stages;
        }

        void push(String token) {
            pass(token, 0);
        }

        void finish() {
            for (int i = 0; i < stages.size(); i++) {
                int next = i + 1;
                stages.get(i).finish(piece -> pass(piece, next));
            }
        }

        /** The text since the last call. */
        String take() {
            String taken = text.toString();
            text.setLength(0);
            return taken;
        }

        private void pass(String piece, int stage) {
            if (stage == stages.size()) {
                text.append(piece);
            } else {
                stages.get(stage).accept(piece, next -> pass(next, stage + 1));
            }
        }
    }
}
