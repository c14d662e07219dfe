package io.shiftadd.inference.openai.responses;

import io.shiftadd.inference.openai.responses.ResponseObject.Item;
import io.shiftadd.inference.openai.responses.ResponseObject.Part;
import io.shiftadd.inference.syntax.AnswerPart;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Puts an answer's parts together as items, and tells their events. */
final class OutputItems {

    private static final String COMPLETED = "completed";

    private final ResponseEvents events;
    private final List<Item> items = new ArrayList<>();
    private @Nullable Open open;

    /** An item that grows. */
    private record Open(
            String type,
            String id,
            @Nullable String callId,
            @Nullable String name,
            StringBuilder text) {

        Item item(String status) {
            return switch (type) {
                case "reasoning" ->
                    new Item(
                            id,
                            type,
                            status,
                            null,
                            List.of(Part.thought(text.toString())),
                            List.of(),
                            null,
                            null,
                            null);
                case "message" ->
                    new Item(
                            id, type, status, "assistant", List.of(Part.text(text.toString())), null, null, null, null);
                default -> new Item(id, type, status, null, null, null, callId, name, text.toString());
            };
        }

        Item begun() {
            return switch (type) {
                case "reasoning" -> new Item(id, type, "in_progress", null, List.of(), List.of(), null, null, null);
                case "message" -> new Item(id, type, "in_progress", "assistant", List.of(), null, null, null, null);
                default -> new Item(id, type, "in_progress", null, null, null, callId, name, "");
            };
        }

        Part part(String text) {
            return type.equals("reasoning") ? Part.thought(text) : Part.text(text);
        }

        String event(String what) {
            return "response." + (type.equals("reasoning") ? "reasoning_text." : "output_text.") + what;
        }
    }

    OutputItems(ResponseEvents events) {
        this.events = events;
    }

    List<Item> items() {
        return List.copyOf(items);
    }

    void add(AnswerPart part) {
        switch (part) {
            case AnswerPart.Thought(String text) -> text("reasoning", "rs_", text);
            case AnswerPart.Said(String text) -> text("message", "msg_", text);
            case AnswerPart.CallBegun call -> {
                close(COMPLETED);
                begin(new Open("function_call", id("fc_"), call.id(), call.name(), new StringBuilder()));
            }
            case AnswerPart.CallArguments more -> {
                Open call = Objects.requireNonNull(open, "arguments follow the beginning of their call");
                call.text().append(more.text());
                events.argumentsDelta(items.size(), call.id(), more.text());
            }
            case AnswerPart.CallEnded _ -> close(COMPLETED);
        }
    }

    private void text(String type, String prefix, String text) {
        Open current = open;
        if (current == null || !current.type().equals(type)) {
            close(COMPLETED);
            current = new Open(type, id(prefix), null, null, new StringBuilder());
            begin(current);
            events.part("response.content_part.added", items.size(), current.id(), current.part(""));
        }
        current.text().append(text);
        events.delta(current.event("delta"), items.size(), current.id(), text);
    }

    private void begin(Open item) {
        open = item;
        events.item("response.output_item.added", items.size(), item.begun());
    }

    /** @param status that the open item has, if there is one */
    void close(String status) {
        Open current = open;
        if (current == null) {
            return;
        }
        open = null;
        int index = items.size();
        String text = current.text().toString();
        if (current.type().equals("function_call")) {
            events.argumentsDone(index, current.id(), String.valueOf(current.name()), text);
        } else {
            events.done(current.event("done"), index, current.id(), text);
            events.part("response.content_part.done", index, current.id(), current.part(text));
        }
        items.add(current.item(status));
        events.item("response.output_item.done", index, items.getLast());
    }

    private static String id(String prefix) {
        return prefix + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
