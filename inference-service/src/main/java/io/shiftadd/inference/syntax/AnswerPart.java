package io.shiftadd.inference.syntax;

/** A piece of an answer, by what it is. Calls are numbered within their answer. */
public sealed interface AnswerPart {

    /** More of what the model thinks. */
    record Thought(String text) implements AnswerPart {}

    /** More text. */
    record Said(String text) implements AnswerPart {}

    /** A call begins; its arguments follow. */
    record CallBegun(int call, String id, String name) implements AnswerPart {}

    /** More of a call's arguments, a JSON object as it is written. */
    record CallArguments(int call, String text) implements AnswerPart {}

    /** The call is complete. */
    record CallEnded(int call) implements AnswerPart {}
}
