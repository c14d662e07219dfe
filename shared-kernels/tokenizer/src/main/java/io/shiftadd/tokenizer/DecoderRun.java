package io.shiftadd.tokenizer;

import io.shiftadd.tokenizer.encoding.TokenizationException;
import java.util.List;
import java.util.concurrent.CancellationException;

/** The stages of a decoder at work on one text. */
final class DecoderRun {

    /** Characters; tokens have some each, but a stranger's tokenizer may have any. */
    private static final long MAX_TEXT = 1 << 26;

    /** Pieces and characters that stages pass on; some seconds. Each stage of real decoders passes a text on once. */
    private static final long MAX_WORK = 1 << 29;

    private static final int PIECE = 8;
    private static final int WORK_BETWEEN_LOOKS = 1 << 14;

    private final List<DecoderStage> stages;
    private final Next[] outputs;
    private final Next[] settledOutputs;
    private final StringBuilder settled = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private long length;
    private long work;
    private long looked;

    /** Hands pieces to the stage of a number, or to the text after the last. */
    private final class Next implements DecoderStage.Output {
        private final int stage;
        private final boolean settling;

        private Next(int stage, boolean settling) {
            this.stage = stage;
            this.settling = settling;
        }

        @Override
        public void write(String piece) {
            pass(piece, stage, settling);
        }

        @Override
        public void settle(String piece) {
            pass(piece, stage, true);
        }
    }

    DecoderRun(List<DecoderStage> stages) {
        this.stages = stages;
        this.outputs = new Next[stages.size() + 1];
        this.settledOutputs = new Next[stages.size() + 1];
        for (int i = 0; i <= stages.size(); i++) {
            outputs[i] = new Next(i, false);
            settledOutputs[i] = new Next(i, true);
        }
    }

    /** A run that goes on from here; what was not taken stays with this one. */
    DecoderRun copy() {
        DecoderRun copy = new DecoderRun(stages.stream().map(DecoderStage::copy).toList());
        copy.length = length;
        copy.work = work;
        return copy;
    }

    /** @throws TokenizationException when all tokens together stand for more text than a tokenizer can mean */
    void push(String token) {
        pass(token, 0, false);
    }

    void finish() {
        for (int i = 0; i < stages.size(); i++) {
            stages.get(i).finish(outputs[i + 1]);
        }
    }

    /** Since the last call: what tokens before the last one alone stand for. Comes before {@link #take()}. */
    String takeSettled() {
        return take(settled);
    }

    /** Since the last call: the text that the last token stands for, or has completed. */
    String take() {
        return take(text);
    }

    private static String take(StringBuilder from) {
        String taken = from.toString();
        from.setLength(0);
        return taken;
    }

    private void charge(int more) {
        work += more;
        if (work - looked >= WORK_BETWEEN_LOOKS) {
            looked = work;
            if (work > MAX_WORK) {
                throw new TokenizationException("decoding takes more than " + MAX_WORK + " steps, which is the limit");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("interrupted while ids were decoded");
            }
        }
    }

    private void pass(String piece, int stage, boolean settling) {
        charge(PIECE + piece.length());
        if (stage == stages.size()) {
            length += piece.length();
            if (length > MAX_TEXT) {
                throw new TokenizationException(
                        "the ids stand for more than " + MAX_TEXT + " characters, which is the limit");
            }
            (settling ? settled : text).append(piece);
        } else {
            stages.get(stage).accept(piece, settling ? settledOutputs[stage + 1] : outputs[stage + 1]);
        }
    }
}
