package io.shiftadd.inference.openai.responses;

import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Items of a request as they are kept and listed: each with its type and an id, texts as parts. */
final class ItemsAsKept {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Map<String, String> PREFIXES =
            Map.of("message", "msg_", "function_call", "fc_", "function_call_output", "fco_", "reasoning", "rs_");

    private ItemsAsKept() {}

    /**
     * All that a response answers.
     *
     * @param earlier of the turns before, as they were kept
     * @param input of a request that has been read: a text or items
     */
    static ArrayNode of(ArrayNode earlier, JsonNode input) {
        ArrayNode items = JSON.arrayNode();
        items.addAll(earlier);
        if (input.isArray()) {
            input.forEach(item -> items.add(item((ObjectNode) item.deepCopy())));
        } else {
            items.add(item(JSON.objectNode().put("role", "user").set("content", input)));
        }
        return items;
    }

    private static ObjectNode item(ObjectNode item) {
        String type = item.path("type").asString("message");
        item.put("type", type);
        if (!item.path("id").isString()) {
            item.put("id", PREFIXES.getOrDefault(type, "item_") + random());
        }
        if (type.equals("message")) {
            message(item);
        }
        if (type.equals("reasoning") && !item.path("summary").isArray()) {
            item.set("summary", JSON.arrayNode());
        }
        return item;
    }

    private static void message(ObjectNode item) {
        item.put("status", "completed");
        JsonNode content = item.path("content");
        if (content.isString()) {
            boolean assistant = item.path("role").asString("").equals("assistant");
            ObjectNode part = JSON.objectNode()
                    .put("type", assistant ? "output_text" : "input_text")
                    .put("text", content.stringValue());
            if (assistant) {
                part.set("annotations", JSON.arrayNode());
            }
            item.set("content", JSON.arrayNode().add(part));
        }
    }

    private static String random() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
