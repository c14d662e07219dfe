package io.shiftadd.tokenizer;

import io.shiftadd.tokenizer.encoding.ByteAlphabet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The steps that the tokenizers of the supported families are made of. */
final class DecoderStages {

    private static final String REPLACEMENT_CHARACTER = "\uFFFD";

    private DecoderStages() {}

    /** Characters of a token stand for bytes; all bytes together are the text. */
    record Bytes(Utf8Stream text) implements DecoderStage {

        Bytes() {
            this(new Utf8Stream());
        }

        @Override
        public void accept(String piece, Output out) {
            byte[] bytes = ByteAlphabet.bytes(piece);
            if (bytes.length > 0 && !text.continuesWith(bytes[0])) {
                out.settle(text.finish());
            }
            out.write(text.push(bytes));
        }

        @Override
        public void finish(Output out) {
            out.write(text.finish());
        }

        @Override
        public DecoderStage copy() {
            return new Bytes(text.copy());
        }
    }

    /**
     * Runs of {@code <0xNN>} become what their bytes spell, a character as soon as it is whole. A byte that no
     * character goes on with does not undo the characters before it.
     */
    record ByteFallback(Utf8Stream run) implements DecoderStage {

        ByteFallback() {
            this(new Utf8Stream());
        }

        @Override
        public void accept(String piece, Output out) {
            int value = byteValue(piece);
            if (run.isUnfinished() && (value < 0 || !run.continuesWith((byte) value))) {
                out.settle(run.finish());
            }
            String text = value < 0 ? piece : run.push(new byte[] {(byte) value});
            if (value < 0 || !text.isEmpty()) {
                out.write(text);
            }
        }

        @Override
        public void finish(Output out) {
            if (run.isUnfinished()) {
                out.write(run.finish());
            }
        }

        @Override
        public DecoderStage copy() {
            return new ByteFallback(run.copy());
        }
    }

    /**
     * Runs of {@code <0xNN>} as the reference decodes a whole text: a run that is no UTF-8 becomes one U+FFFD for each
     * byte, also for those that were fine, so that nothing of a run is certain before its end.
     */
    record WholeRuns(ByteArrayOutputStream run) implements DecoderStage {

        WholeRuns() {
            this(new ByteArrayOutputStream());
        }

        @Override
        public void accept(String piece, Output out) {
            int value = byteValue(piece);
            if (value >= 0) {
                run.write(value);
            } else {
                finish(out);
                out.write(piece);
            }
        }

        @Override
        public void finish(Output out) {
            if (run.size() == 0) {
                return;
            }
            try {
                out.write(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(run.toByteArray()))
                        .toString());
            } catch (CharacterCodingException e) {
                out.write(REPLACEMENT_CHARACTER.repeat(run.size()));
            }
            run.reset();
        }

        @Override
        public DecoderStage copy() {
            ByteArrayOutputStream copied = new ByteArrayOutputStream();
            copied.writeBytes(run.toByteArray());
            return new WholeRuns(copied);
        }
    }

    /** The byte of {@code <0xNN>}, or −1 for any other token. */
    static int byteValue(String token) {
        if (token.length() != 6 || !token.startsWith("<0x") || token.charAt(5) != '>') {
            return -1;
        }
        int high = Character.digit(token.charAt(3), 16);
        int low = Character.digit(token.charAt(4), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    record Replace(String pattern, String content) implements DecoderStage {

        @Override
        public void accept(String piece, Output out) {
            out.write(piece.replace(pattern, content));
        }

        @Override
        public DecoderStage copy() {
            return this;
        }
    }

    /** The replacement of spaces becomes a space again, except in the first token when one was put before the text. */
    static final class Metaspace implements DecoderStage {
        private final String replacement;
        private boolean dropping;

        Metaspace(String replacement, boolean dropsFirst) {
            this.replacement = replacement;
            this.dropping = dropsFirst;
        }

        @Override
        public void accept(String piece, Output out) {
            out.write(piece.replace(replacement, dropping ? "" : " "));
            dropping = false;
        }

        @Override
        public DecoderStage copy() {
            return new Metaspace(replacement, dropping);
        }
    }

    /** Removes up to {@code count} of a character from the start of the text. */
    static final class StripStart implements DecoderStage {
        private final int content;
        private int remaining;

        StripStart(int content, int count) {
            this.content = content;
            this.remaining = count;
        }

        @Override
        public void accept(String piece, Output out) {
            int from = 0;
            while (remaining > 0 && from < piece.length()) {
                if (piece.codePointAt(from) != content) {
                    remaining = 0;
                } else {
                    from += Character.charCount(content);
                    remaining--;
                }
            }
            out.write(piece.substring(from));
        }

        @Override
        public DecoderStage copy() {
            return new StripStart(content, remaining);
        }
    }

    /** What a tokenizer without a decoder does: tokens with spaces between. */
    static final class JoinWithSpaces implements DecoderStage {
        private boolean first = true;

        @Override
        public void accept(String piece, Output out) {
            out.write(first ? piece : " " + piece);
            first = false;
        }

        @Override
        public DecoderStage copy() {
            JoinWithSpaces copy = new JoinWithSpaces();
            copy.first = first;
            return copy;
        }
    }
}
