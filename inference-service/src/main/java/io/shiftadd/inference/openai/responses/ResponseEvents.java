package io.shiftadd.inference.openai.responses;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.shiftadd.inference.openai.responses.ResponseObject.Item;
import io.shiftadd.inference.openai.responses.ResponseObject.Part;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a stream tells of a response: its items as they begin, grow and end, numbered through. */
final class ResponseEvents {

    private final Consumer<Event> out;
    private int number;

    ResponseEvents(Consumer<Event> out) {
        this.out = out;
    }

    /** One event; which fields it has, its type says. */
    @Schema(name = "ResponseEvent")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Event(
            @Schema(description = "As the event is named", example = "response.output_text.delta")
            String type,

            @Schema(description = "From 0 on", example = "4") @JsonProperty("sequence_number")
            int sequenceNumber,

            @Schema(description = "For response.created, in_progress, completed, incomplete, failed") @Nullable
            ResponseObject response,

            @Schema(description = "Number of the item", example = "0") @JsonProperty("output_index") @Nullable
            Integer outputIndex,

            @Schema(example = "msg_5f0c2b9a6d1e4c3f") @JsonProperty("item_id") @Nullable
            String itemId,

            @Schema(description = "Number of the part", example = "0") @JsonProperty("content_index") @Nullable
            Integer contentIndex,

            @Schema(description = "For response.output_item.added and done") @Nullable
            Item item,

            @Schema(description = "For response.content_part.added and done") @Nullable
            Part part,

            @Schema(description = "More text, or more arguments", example = " time") @Nullable
            String delta,

            @Schema(description = "The whole text, when it is done") @Nullable
            String text,

            @Schema(description = "The whole arguments, when they are done") @Nullable
            String arguments,

            @Schema(description = "Of the tool, when its arguments are done") @Nullable
            String name,

            @Schema(description = "Always empty", type = "array") @Nullable
            List<String> logprobs) {}

    void response(String type, ResponseObject response) {
        out.accept(new Event(type, number++, response, null, null, null, null, null, null, null, null, null, null));
    }

    void item(String type, int index, Item item) {
        out.accept(new Event(type, number++, null, index, null, null, item, null, null, null, null, null, null));
    }

    void part(String type, int index, String item, Part part) {
        out.accept(new Event(type, number++, null, index, item, 0, null, part, null, null, null, null, null));
    }

    void delta(String type, int index, String item, String delta) {
        List<String> logprobs = type.startsWith("response.output_text") ? List.of() : null;
        out.accept(new Event(type, number++, null, index, item, 0, null, null, delta, null, null, null, logprobs));
    }

    void done(String type, int index, String item, String text) {
        List<String> logprobs = type.startsWith("response.output_text") ? List.of() : null;
        out.accept(new Event(type, number++, null, index, item, 0, null, null, null, text, null, null, logprobs));
    }

    void argumentsDelta(int index, String item, String delta) {
        String type = "response.function_call_arguments.delta";
        out.accept(new Event(type, number++, null, index, item, null, null, null, delta, null, null, null, null));
    }

    void argumentsDone(int index, String item, String name, String arguments) {
        String type = "response.function_call_arguments.done";
        out.accept(new Event(type, number++, null, index, item, null, null, null, null, null, arguments, name, null));
    }
}
