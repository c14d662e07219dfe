package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a SentencePiece {@code tokenizer.model} says (sentencepiece_model.proto).
 *
 * @param removesExtraWhitespace as the file says; null when it does not
 * @param charsmap table of the normalizer; empty for identity
 */
record SentencePieceModel(
        List<Piece> pieces,
        Algorithm algorithm,
        boolean byteFallback,
        int unkId,
        int bosId,
        int eosId,
        boolean addsDummyPrefix,
        @Nullable Boolean removesExtraWhitespace,
        byte[] charsmap) {

    enum Algorithm {
        UNIGRAM,
        BPE
    }

    enum PieceType {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE
    }

    record Piece(String text, float score, PieceType type) {

        /** Trained pieces have at most 16 characters, added ones some dozens. */
        private static final int MAX_LENGTH = 256;

        /**
         * @throws FormatException when it is empty or too long, or its score is no number
         */
        static Piece of(String text, float score, PieceType type, int id, String where) {
            if (text.isEmpty() || text.length() > MAX_LENGTH || Float.isNaN(score)) {
                throw new FormatException(
                        "has the piece " + id + " of " + text.length() + " characters with score " + score,
                        where,
                        "a piece has 1 to " + MAX_LENGTH + " characters and a score that is a number",
                        "Use a tokenizer.json, which transformers writes with save_pretrained.");
            }
            return new Piece(text, score, type);
        }

        /** Whether text is made of it; other pieces only ever stand for themselves. */
        boolean isText() {
            return type == PieceType.NORMAL || type == PieceType.USER_DEFINED || type == PieceType.UNUSED;
        }
    }

    /**
     * @throws FormatException when the message is broken or needs what is not supported
     */
    static SentencePieceModel parse(byte[] file, String where) {
        return new Parser(where).parse(file);
    }

    private static final class Parser {
        private final String where;
        private final List<Piece> pieces = new ArrayList<>();
        private long algorithm = 1;
        private boolean byteFallback;
        private long unkId;
        private long bosId = 1;
        private long eosId = 2;
        private boolean addsDummyPrefix = true;
        private @Nullable Boolean removesExtraWhitespace;
        private byte[] charsmap = {};

        private Parser(String where) {
            this.where = where;
        }

        SentencePieceModel parse(byte[] file) {
            ProtobufReader message = new ProtobufReader(ByteBuffer.wrap(file), where);
            while (message.next()) {
                switch (message.field()) {
                    case 1 -> pieces.add(piece(message.bytes()));
                    case 2 -> readTrainer(message.bytes());
                    case 3 -> readNormalizer(message.bytes());
                    default -> message.skip();
                }
            }
            if (pieces.isEmpty()) {
                throw unsupported("has no pieces", "a SentencePiece model has some");
            }
            if (algorithm != 1 && algorithm != 2) {
                throw unsupported("has the model type " + algorithm, "supported are 1 (unigram) and 2 (BPE)");
            }
            return new SentencePieceModel(
                    List.copyOf(pieces),
                    algorithm == 1 ? Algorithm.UNIGRAM : Algorithm.BPE,
                    byteFallback,
                    id(unkId),
                    id(bosId),
                    id(eosId),
                    addsDummyPrefix,
                    removesExtraWhitespace,
                    charsmap);
        }

        private Piece piece(ByteBuffer bytes) {
            ProtobufReader message = new ProtobufReader(bytes, where + ", piece " + pieces.size());
            String text = "";
            float score = 0;
            long type = 1;
            while (message.next()) {
                switch (message.field()) {
                    case 1 -> text = message.text();
                    case 2 -> score = message.number();
                    case 3 -> type = message.integer();
                    default -> message.skip();
                }
            }
            if (type < 1 || type > PieceType.values().length) {
                throw unsupported("has the piece " + pieces.size() + " of type " + type, "types are from 1 to 6");
            }
            return Piece.of(text, score, PieceType.values()[(int) type - 1], pieces.size(), where);
        }

        private void readTrainer(ByteBuffer bytes) {
            ProtobufReader message = new ProtobufReader(bytes, where + ", trainer_spec");
            while (message.next()) {
                switch (message.field()) {
                    case 3 -> algorithm = message.integer();
                    case 24 -> {
                        if (message.integer() != 0) {
                            throw unsupported("treats whitespace as a suffix", "only prefixes are supported");
                        }
                    }
                    case 35 -> byteFallback = message.integer() != 0;
                    case 40 -> unkId = message.integer();
                    case 41 -> bosId = message.integer();
                    case 42 -> eosId = message.integer();
                    default -> message.skip();
                }
            }
        }

        private void readNormalizer(ByteBuffer bytes) {
            ProtobufReader message = new ProtobufReader(bytes, where + ", normalizer_spec");
            while (message.next()) {
                switch (message.field()) {
                    case 2 -> {
                        ByteBuffer table = message.bytes();
                        charsmap = new byte[table.remaining()];
                        table.get(charsmap);
                    }
                    case 3 -> addsDummyPrefix = message.integer() != 0;
                    case 4 -> removesExtraWhitespace = message.integer() != 0;
                    case 5 -> {
                        if (message.integer() == 0) {
                            throw unsupported("does not escape whitespace", "that is needed");
                        }
                    }
                    default -> message.skip();
                }
            }
        }

        /** A negative id says that there is no such token, and so does one that is not there. */
        private int id(long id) {
            return id >= 0 && id < pieces.size() ? (int) id : -1;
        }

        private FormatException unsupported(String what, String limit) {
            return new FormatException(
                    what, where, limit, "Use a tokenizer.json, which transformers writes with save_pretrained.");
        }
    }
}
