package io.shiftadd.tokenizer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Writes small SentencePiece models. */
final class SentencePieceBytes {

    private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    private final ByteArrayOutputStream trainer = new ByteArrayOutputStream();
    private final ByteArrayOutputStream normalizer = new ByteArrayOutputStream();
    private boolean truncated;

    SentencePieceBytes unigram(Map<String, Float> normal) {
        return all(normal).algorithm(1);
    }

    SentencePieceBytes bpe(Map<String, Float> normal) {
        return all(normal).algorithm(2);
    }

    private SentencePieceBytes all(Map<String, Float> normal) {
        piece("<unk>", 0, 2).piece("<s>", 0, 3).piece("</s>", 0, 3);
        for (int b = 0; b < 256; b++) {
            piece("<0x%02X>".formatted(b), -10, 6);
        }
        new TreeMap<>(normal).forEach((text, score) -> piece(text, score, 1));
        integer(trainer, 35, 1);
        return this;
    }

    SentencePieceBytes algorithm(int type) {
        integer(trainer, 3, type);
        return this;
    }

    SentencePieceBytes whitespaceAsSuffix() {
        integer(trainer, 24, 1);
        return this;
    }

    SentencePieceBytes piece(String text, float score, int type) {
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        bytes(piece, 1, text.getBytes(StandardCharsets.UTF_8));
        piece.write(2 << 3 | 5);
        piece.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(score)
                .array());
        integer(piece, 3, type);
        bytes(pieces, 1, piece.toByteArray());
        return this;
    }

    SentencePieceBytes flags(boolean addsDummyPrefix, boolean removesExtraWhitespace) {
        integer(normalizer, 3, addsDummyPrefix ? 1 : 0);
        integer(normalizer, 4, removesExtraWhitespace ? 1 : 0);
        return this;
    }

    SentencePieceBytes truncate() {
        truncated = true;
        return this;
    }

    void write(Path directory) throws IOException {
        Files.write(directory.resolve("tokenizer.model"), toByteArray());
    }

    byte[] toByteArray() {
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        model.writeBytes(pieces.toByteArray());
        bytes(model, 2, trainer.toByteArray());
        bytes(model, 3, normalizer.toByteArray());
        byte[] bytes = model.toByteArray();
        return truncated ? Arrays.copyOf(bytes, bytes.length - 1 - normalizer.size() - 3) : bytes;
    }

    private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
        varint(out, field << 3 | 2);
        varint(out, value.length);
        out.writeBytes(value);
    }

    private static void integer(ByteArrayOutputStream out, int field, int value) {
        varint(out, field << 3);
        varint(out, value);
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.write(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
