package io.shiftadd.tokenizer;

/** Decodes the ids of one tokenizer one after the other. */
final class TokenDecoder implements IncrementalDecoder {

    private final Tokenizer tokenizer;
    private final String[] written;
    private final boolean skipSpecialTokens;
    private final DecoderRun run;
    private boolean heldBeforeCut;
    private int settled;

    /** @param written what {@code run} takes for each id */
    TokenDecoder(Tokenizer tokenizer, String[] written, boolean skipSpecialTokens, DecoderRun run) {
        this.tokenizer = tokenizer;
        this.written = written;
        this.skipSpecialTokens = skipSpecialTokens;
        this.run = run;
    }

    @Override
    public String push(int id) {
        boolean isTaken = !tokenizer.token(id).isEmpty();
        settled = 0;
        if (!isTaken || skipSpecialTokens && tokenizer.isSpecial(id)) {
            return "";
        }
        run.push(written[id]);
        String before = run.takeSettled();
        if (heldBeforeCut) {
            heldBeforeCut = false;
            before = "";
        }
        settled = before.length();
        return before + run.take();
    }

    @Override
    public int settled() {
        return settled;
    }

    @Override
    public void cut() {
        heldBeforeCut = true;
    }

    @Override
    public String finish() {
        run.finish();
        String held = run.take();
        return heldBeforeCut ? "" : held;
    }

    @Override
    public IncrementalDecoder copy() {
        TokenDecoder copy = new TokenDecoder(tokenizer, written, skipSpecialTokens, run.copy());
        copy.heldBeforeCut = heldBeforeCut;
        return copy;
    }
}
