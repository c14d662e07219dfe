package io.shiftadd.inference.openai.responses;

import io.shiftadd.inference.conversation.Ask;
import io.shiftadd.inference.generation.sampling.SamplingSettings;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.Fields;
import io.shiftadd.inference.openai.request.IgnoredFields;
import io.shiftadd.inference.openai.request.KnownFields;
import io.shiftadd.inference.openai.request.SamplingFields;
import io.shiftadd.inference.openai.structure.ResponseFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * A request to {@code POST /v1/responses}, everything checked that can be without the model.
 *
 * @param store whether the response is to be kept, where any are
 * @param body as it was sent: a response tells most of it again
 * @param items what is to be answered, in the form that is kept
 */
record ResponsesRequest(Ask ask, boolean stream, boolean store, JsonNode body, ArrayNode items) {

    private static final Set<String> KNOWN = KnownFields.of(ResponsesBody.class);
    private static final String WHERE_SCHEMA = "text.format.schema";

    /** Id of the response that a request goes on from; null = none. */
    static @Nullable String previous(JsonNode body) {
        return new Fields(body, "", KNOWN, new IgnoredFields()).optionalText("previous_response_id", "an id");
    }

    /** @param earlier items of the turns before, the response that the request goes on from among them */
    static ResponsesRequest read(JsonNode body, IgnoredFields ignored, ArrayNode earlier) {
        Fields fields = new Fields(body, "", KNOWN, ignored);
        refuse(body, "background", "wait for the response");
        refuse(body, "conversation", "send the earlier items in 'input'");
        refuse(body, "prompt", "send what it says in 'instructions' and 'input'");
        SamplingSettings settings = new SamplingSettings(
                fields.number("temperature", 0, 2).orElse(1),
                fields.number("top_p", 0, 1).orElse(1),
                0,
                0,
                1,
                0,
                0,
                Map.of());
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        OptionalInt budget = reasoning(fields, values);
        Ask ask = new Ask(
                fields.text("model", "the name of a model"),
                InputItems.read(fields, earlier),
                ResponseTools.read(fields),
                values,
                new SamplingFields(
                        settings, SamplingFields.asked(fields), 1, OptionalLong.empty(), List.of(), List.of()),
                OptionalInt.empty(),
                fields.count("max_output_tokens", 0, Integer.MAX_VALUE),
                "max_output_tokens",
                budget,
                format(fields));
        boolean store = !fields.has("store") || fields.flag("store");
        return new ResponsesRequest(
                ask, fields.flag("stream"), store, body, ItemsAsKept.of(earlier, body.path("input")));
    }

    private static void refuse(JsonNode body, String name, String remedy) {
        JsonNode value = body.path(name);
        boolean nothing = value.isMissingNode() || value.isNull() || value.isBoolean() && !value.booleanValue();
        if (!nothing) {
            throw ApiException.invalid(name, "'" + name + "' is not supported by this server; " + remedy);
        }
    }

    private static OptionalInt reasoning(Fields fields, Map<String, @Nullable Object> values) {
        Fields reasoning = fields.nested("reasoning", KnownFields.of(ResponsesBody.ReasoningBody.class));
        String effort = reasoning == null ? null : reasoning.optionalText("effort", "a text");
        if (effort == null) {
            return OptionalInt.empty();
        }
        values.put("reasoning_effort", effort);
        if (!effort.equals("none")) {
            return OptionalInt.empty();
        }
        values.put("enable_thinking", false);
        return OptionalInt.of(0);
    }

    private static ResponseFormat format(Fields fields) {
        Fields text = fields.nested("text", KnownFields.of(ResponsesBody.TextBody.class));
        Fields format = text == null ? null : text.nested("format", KnownFields.of(ResponsesBody.FormatBody.class));
        if (format == null) {
            return new ResponseFormat.Text();
        }
        String expected = "'text', 'json_object' or 'json_schema'";
        return switch (format.text("type", expected)) {
            case "text" -> new ResponseFormat.Text();
            case "json_object" -> new ResponseFormat.JsonObject();
            case "json_schema" -> {
                JsonNode schema = format.get("schema");
                if (schema == null || !schema.isObject()) {
                    throw format.wrong("schema", "a JSON schema");
                }
                yield new ResponseFormat.JsonSchema(schema, WHERE_SCHEMA);
            }
            default -> throw format.wrong("type", expected);
        };
    }
}
