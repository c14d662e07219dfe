package io.shiftadd.inference.generation;

/** Why a choice ended: the model or a stop string ended it, or it reached the number of tokens asked for. */
public enum FinishReason {
    STOP,
    LENGTH
}
