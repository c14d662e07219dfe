package io.shiftadd.motion.description;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes records as JSON. */
final class DescriptionWriter {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private DescriptionWriter() {}

    static ObjectNode write(Object record) {
        ObjectNode object = JSON.objectNode();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            object.set(Shapes.name(component), component(record, component));
        }
        return object;
    }

    private static JsonNode component(Object record, RecordComponent component) {
        Object value = Shapes.value(record, component);
        return switch (value) {
            case Double number -> number(number, Shapes.range(component));
            case Map<?, ?> map -> map(map);
            case Enum<?> word -> JSON.stringNode(word.toString());
            default -> Shapes.isArray(value.getClass()) ? array(value) : write(value);
        };
    }

    private static JsonNode map(Map<?, ?> map) {
        ObjectNode object = JSON.objectNode();
        map.forEach((key, value) -> object.set(key.toString(), write(value)));
        return object;
    }

    private static ArrayNode array(Object record) {
        ArrayNode array = JSON.arrayNode();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            array.add(component(record, component));
        }
        return array;
    }

    private static JsonNode number(double value, Range range) {
        return JSON.numberNode(new BigDecimal(range.plain() ? Shapes.number(value) : Double.toString(value)));
    }
}
