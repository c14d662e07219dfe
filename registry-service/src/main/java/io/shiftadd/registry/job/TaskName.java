package io.shiftadd.registry.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Tasks that a model can be evaluated on; the worker has their data. */
enum TaskName {
    ARC_EASY,
    ARC_CHALLENGE,
    BOOLQ,
    COPA,
    PIQA,
    RTE,
    STORYCLOZE,
    MMLU,
    LAMBADA,
    WINOGRANDE;

    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
