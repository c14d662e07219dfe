package io.shiftadd.inference.conversation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** JSON as the values that chat templates compute with: texts, whole and other numbers, booleans, lists and maps. */
public final class TemplateValue {

    private TemplateValue() {}

    public static @Nullable Object of(JsonNode value) {
        if (value.isObject()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            value.properties().forEach(entry -> map.put(entry.getKey(), of(entry.getValue())));
            return map;
        }
        if (value.isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            value.values().forEach(element -> list.add(of(element)));
            return list;
        }
        if (value.isNull()) {
            return null;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isString()) {
            return value.stringValue();
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        return value.doubleValue();
    }
}
