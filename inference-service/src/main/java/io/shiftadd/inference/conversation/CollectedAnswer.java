package io.shiftadd.inference.conversation;

import io.shiftadd.inference.syntax.AnswerPart;
import java.util.ArrayList;
import java.util.List;

/** One answer put together of its parts. */
public final class CollectedAnswer {

    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private final List<CallText> calls = new ArrayList<>();

    /** A call. */
    public record Call(String id, String name, String arguments) {}

    private record CallText(String id, String name, StringBuilder arguments) {}

    public void add(AnswerPart part) {
        switch (part) {
            case AnswerPart.Thought(String more) -> reasoning.append(more);
            case AnswerPart.Said(String more) -> text.append(more);
            case AnswerPart.CallBegun call -> calls.add(new CallText(call.id(), call.name(), new StringBuilder()));
            case AnswerPart.CallArguments(int number, String more) ->
                calls.get(number).arguments().append(more);
            case AnswerPart.CallEnded _ -> {
                // Its arguments have said so.
            }
        }
    }

    public String reasoning() {
        return reasoning.toString();
    }

    public String text() {
        return text.toString();
    }

    public List<Call> calls() {
        return calls.stream()
                .map(call -> new Call(call.id(), call.name(), call.arguments().toString()))
                .toList();
    }
}
