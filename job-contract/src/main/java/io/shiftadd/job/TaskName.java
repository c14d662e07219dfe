package io.shiftadd.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Tasks that a model can be evaluated on; the worker has their data. */
public enum TaskName {
    ARC_EASY("ARC easy"),
    ARC_CHALLENGE("ARC challenge"),
    BOOLQ("BoolQ"),
    COPA("COPA"),
    PIQA("PIQA"),
    RTE("RTE"),
    STORYCLOZE("StoryCloze"),
    MMLU("MMLU"),
    LAMBADA("LAMBADA"),
    WINOGRANDE("WinoGrande");

    private final String title;

    TaskName(String title) {
        this.title = title;
    }

    /** As requests and rows spell it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As people write it. */
    public String title() {
        return title;
    }
}
