package io.shiftadd.tokenizer;

import io.shiftadd.tokenizer.encoding.ByteAlphabet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The steps that the tokenizers of the supported families are made of. */
final class DecoderStages {

    private static final String REPLACEMENT_CHARACTER = "\uFFFD";

    private DecoderStages() {}

    /** Characters of a token stand for bytes; all bytes together are the text. */
    static final class Bytes implements DecoderStage {
        private final Utf8Stream text = new Utf8Stream();

        @Override
        public void accept(String piece, Consumer<String> next) {
            next.accept(text.push(ByteAlphabet.bytes(piece)));
        }

        @Override
        public void finish(Consumer<String> next) {
            next.accept(text.finish());
        }
    }

    /**
     * Runs of {@code <0xNN>} become what their bytes spell. A run that is no UTF-8 becomes one U+FFFD for each byte, also
     * for those that were fine, so that nothing of a run is certain before its end.
     */
    static final class ByteFallback implements DecoderStage {
        private final ByteArrayOutputStream run = new ByteArrayOutputStream();

        @Override
        public void accept(String piece, Consumer<String> next) {
            int value = byteValue(piece);
            if (value >= 0) {
                run.write(value);
            } else {
                finish(next);
                next.accept(piece);
            }
        }

        @Override
        public void finish(Consumer<String> next) {
            if (run.size() == 0) {
                return;
            }
            try {
                next.accept(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(run.toByteArray()))
                        .toString());
            } catch (CharacterCodingException e) {
                for (int i = 0; i < run.size(); i++) {
                    next.accept(REPLACEMENT_CHARACTER);
                }
            }
            run.reset();
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

    static final class Replace implements DecoderStage {
        private final String pattern;
        private final String content;

        Replace(String pattern, String content) {
            this.pattern = pattern;
            this.content = content;
        }

        @Override
        public void accept(String piece, Consumer<String> next) {
            next.accept(piece.replace(pattern, content));
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
        public void accept(String piece, Consumer<String> next) {
            next.accept(piece.replace(replacement, dropping ? "" : " "));
            dropping = false;
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
        public void accept(String piece, Consumer<String> next) {
            int from = 0;
            while (remaining > 0 && from < piece.length()) {
                if (piece.codePointAt(from) != content) {
                    remaining = 0;
                } else {
                    from += Character.charCount(content);
                    remaining--;
                }
            }
            next.accept(piece.substring(from));
        }
    }

    /** What a tokenizer without a decoder does: tokens with spaces between. */
    static final class JoinWithSpaces implements DecoderStage {
        private boolean first = true;

        @Override
        public void accept(String piece, Consumer<String> next) {
            next.accept(first ? piece : " " + piece);
            first = false;
        }
    }
}
