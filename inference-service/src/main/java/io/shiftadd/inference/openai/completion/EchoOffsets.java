package io.shiftadd.inference.openai.completion;

import io.shiftadd.inference.openai.request.PromptTokens;
import io.shiftadd.tokenizer.IncrementalDecoder;
import io.shiftadd.tokenizer.Tokenizer;

/**
 * Where each token of a prompt begins in the prompt's text. Tokens tell less than the text: a tokenizer may have added
 * special tokens, dropped blanks around those that were written, or changed letters.
 */
final class EchoOffsets {

    private final Tokenizer tokenizer;
    private final String text;
    private int at;

    private EchoOffsets(Tokenizer tokenizer, String text) {
        this.tokenizer = tokenizer;
        this.text = text;
    }

    /** Offsets in characters (code points), none beyond the text's end. */
    static int[] of(PromptTokens prompt, Tokenizer tokenizer) {
        EchoOffsets offsets = new EchoOffsets(tokenizer, prompt.text());
        IncrementalDecoder decoder = tokenizer.incrementalDecoder();
        int[] starts = new int[prompt.ids().length];
        for (int i = 0; i < starts.length; i++) {
            int id = prompt.ids()[i];
            String piece = decoder.push(id);
            int settled = decoder.settled();
            offsets.pass(piece.substring(0, settled));
            int start = tokenizer.isSpecial(id) ? offsets.passWritten(id) : offsets.pass(piece.substring(settled));
            starts[i] = start;
        }
        return offsets.inCharacters(starts);
    }

    /** A special token counts where the text has it; one that was added has no length. */
    private int passWritten(int id) {
        String token = tokenizer.token(id);
        int start = text.startsWith(token, at) ? at : afterBlanks();
        if (token.isEmpty() || !text.startsWith(token, start)) {
            return at;
        }
        at = start + token.length();
        return start;
    }

    private int pass(String piece) {
        int start = at;
        String rest = piece.stripLeading();
        if (text.startsWith(piece, at)) {
            at += piece.length();
        } else if (!rest.isEmpty() && text.startsWith(rest, afterBlanks())) {
            at = afterBlanks() + rest.length();
        } else {
            at = Math.min(text.length(), at + piece.length());
        }
        return start;
    }

    private int afterBlanks() {
        int next = at;
        while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
            next++;
        }
        return next;
    }

    private int[] inCharacters(int[] units) {
        int[] characters = new int[units.length];
        int count = 0;
        int from = 0;
        for (int i = 0; i < units.length; i++) {
            count += text.codePointCount(from, units[i]);
            from = units[i];
            characters[i] = count;
        }
        return characters;
    }
}
