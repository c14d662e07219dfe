package io.shiftadd.inference.openai.responses;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.shiftadd.inference.openai.error.ApiException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Some of the items that a response answers. */
@Schema(name = "ResponseItemList")
record ItemPage(
        @Schema(allowableValues = "list") String object,

        @Schema(description = "As they were sent, each with its type and an id", type = "array")
        List<JsonNode> data,

        @Schema(description = "Id of the first", example = "msg_5f0c2b9a6d1e4c3f", nullable = true)
        @JsonProperty("first_id")
        @Nullable
        String firstId,

        @Schema(description = "Id of the last, for after", example = "msg_5f0c2b9a6d1e4c3f", nullable = true)
        @JsonProperty("last_id")
        @Nullable
        String lastId,

        @Schema(description = "Whether others follow", example = "false") @JsonProperty("has_more")
        boolean hasMore) {

    private static final int MOST = 100;
    private static final int USUAL = 20;

    /**
     * @param order asc or desc, which is the newest first and taken when null
     * @param limit 1 to 100; 20 when null
     * @param after id of an item; null = from the beginning
     * @throws ApiException 400 when one of them is something else
     */
    static ItemPage of(ArrayNode all, @Nullable String order, @Nullable String limit, @Nullable String after) {
        List<JsonNode> items = new ArrayList<>();
        all.forEach(items::add);
        if (order == null || order.equals("desc")) {
            Collections.reverse(items);
        } else if (!order.equals("asc")) {
            throw ApiException.invalid("order", "'order' must be asc or desc");
        }
        int begin = after == null ? 0 : place(items, after) + 1;
        int end = Math.min(items.size(), begin + count(limit));
        List<JsonNode> page = List.copyOf(items.subList(begin, end));
        return new ItemPage(
                "list",
                page,
                page.isEmpty() ? null : id(page.getFirst()),
                page.isEmpty() ? null : id(page.getLast()),
                end < items.size());
    }

    private static int place(List<JsonNode> items, String after) {
        for (int i = 0; i < items.size(); i++) {
            if (after.equals(id(items.get(i)))) {
                return i;
            }
        }
        throw ApiException.invalid("after", "'after' is no id of an item that this response answers");
    }

    private static int count(@Nullable String limit) {
        if (limit == null) {
            return USUAL;
        }
        if (!limit.matches("[1-9]\\d?|" + MOST)) {
            throw ApiException.invalid("limit", "'limit' must be a whole number from 1 to " + MOST);
        }
        return Integer.parseInt(limit);
    }

    private static @Nullable String id(JsonNode item) {
        return item.path("id").asString(null);
    }
}
