package io.shiftadd.job;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A number among a job's settings: its limits, and what it is when a request does not say. Requests, their
 * documentation, the form and its estimate all take them from here.
 */
public enum NumberSetting {
    BITS("bits", "2", "4", null),
    MEAN_BITS("meanBits", "2", "4", null),
    /** Beyond 2^53 a JSON number loses digits in some clients. */
    BUDGET_BYTES("budgetBytes", "1", "9007199254740992", null),
    MAX_PERPLEXITY_INCREASE("maxPerplexityIncrease", "0.001", "10", null),
    /** 0 leaves the head as it is, 1 to 3 are not offered; without it, {@link PackedHead} decides. */
    HEAD_BITS("headBits", "0", "8", null),
    TASK_LIMIT("taskLimit", "1", "1000000", null),
    SAMPLES("samples", "1", "4096", "128"),
    /** Without it, {@link #defaultSequence}. */
    SEQUENCE_LENGTH("sequenceLength", "8", "1048576", null),
    /** 0 takes all that the text has. */
    EVALUATION_WINDOWS("evaluationWindows", "0", "100000", "32"),
    SEED("seed", "0", "9223372036854775807", "0"),
    ROUNDS("rounds", "1", "100", "20"),
    TERMS("terms", "1", "3", "3"),
    PRIORITY("priority", "-100", "100", "0"),
    TUNE_STEPS("tune.steps", "1", "100000", "256"),
    TUNE_TOKENS("tune.tokens", "1", "1000000000000", null),
    TUNE_MINUTES("tune.minutes", "1", "10080", null),
    /** Without it, that of the job. */
    TUNE_SEED("tune.seed", "0", "9223372036854775807", null);

    static final int LONGEST_DEFAULT_SEQUENCE = 2048;

    private final String field;
    private final BigDecimal least;
    private final BigDecimal most;
    private final @Nullable BigDecimal otherwise;

    NumberSetting(String field, String least, String most, @Nullable String otherwise) {
        this.field = field;
        this.least = new BigDecimal(least);
        this.most = new BigDecimal(most);
        this.otherwise = otherwise == null ? null : new BigDecimal(otherwise);
    }

    /** As requests and rows spell it; with a dot within an object of theirs. */
    public String field() {
        return field;
    }

    /** The name within its object. */
    public String leaf() {
        return field.substring(field.lastIndexOf('.') + 1);
    }

    /** The object that it is in; empty where that is the request itself. */
    public String object() {
        return field.substring(0, Math.max(0, field.lastIndexOf('.')));
    }

    public BigDecimal least() {
        return least;
    }

    public BigDecimal most() {
        return most;
    }

    /** Null where a job without it does something else. */
    public @Nullable BigDecimal otherwise() {
        return otherwise;
    }

    /** @throws NullPointerException if there is no default */
    public int byDefault() {
        return Objects.requireNonNull(otherwise, field).intValueExact();
    }

    public boolean allows(BigDecimal value) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    /** Tokens of a window, where a request says none. */
    public static int defaultSequence(int contextLength) {
        return Math.min(LONGEST_DEFAULT_SEQUENCE, contextLength);
    }
}
