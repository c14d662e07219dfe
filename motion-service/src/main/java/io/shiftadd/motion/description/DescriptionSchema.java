package io.shiftadd.motion.description;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes records as JSON schema. A sealed interface is a choice of its records, in the order they are declared. */
final class DescriptionSchema {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private DescriptionSchema() {}

    static ObjectNode of(Class<?> type) {
        if (type.isSealed()) {
            ObjectNode choice = JSON.objectNode();
            ArrayNode options = choice.putArray("anyOf");
            for (Class<?> option : type.getPermittedSubclasses()) {
                options.add(of(option));
            }
            return choice;
        }
        if (type.isEnum()) {
            ObjectNode words = JSON.objectNode();
            words.set("enum", names(type));
            return words;
        }
        return Shapes.isArray(type) ? array(type) : object(type);
    }

    private static ObjectNode object(Class<?> type) {
        ObjectNode schema = JSON.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (RecordComponent component : type.getRecordComponents()) {
            properties.set(Shapes.name(component), component(component));
            required.add(Shapes.name(component));
        }
        return schema.put("additionalProperties", false);
    }

    private static ObjectNode component(RecordComponent component) {
        if (component.getType() == double.class) {
            return number(component);
        }
        if (component.getType() == Map.class) {
            // By a pattern: properties, and an enum of names, would have to come in the schema's order.
            ObjectNode schema = JSON.objectNode().put("type", "object");
            String names = Stream.of(Shapes.argument(component, 0).getEnumConstants())
                    .map(Object::toString)
                    .collect(Collectors.joining("|", "^(", ")$"));
            schema.putObject("patternProperties").set(names, of(Shapes.argument(component, 1)));
            schema.put("additionalProperties", false);
            return schema;
        }
        return of(component.getType());
    }

    private static ObjectNode array(Class<?> type) {
        RecordComponent[] elements = type.getRecordComponents();
        ObjectNode schema = JSON.objectNode().put("type", "array");
        schema.set("items", number(elements[0]));
        return schema.put("minItems", elements.length).put("maxItems", elements.length);
    }

    private static ObjectNode number(RecordComponent component) {
        Range range = Shapes.range(component);
        return JSON.objectNode()
                .put("type", "number")
                .put("minimum", new BigDecimal(Shapes.number(range.min())))
                .put("maximum", new BigDecimal(Shapes.number(range.max())))
                .put("description", range.unit());
    }

    private static ArrayNode names(Class<?> type) {
        ArrayNode names = JSON.arrayNode();
        for (Object constant : type.getEnumConstants()) {
            names.add(constant.toString());
        }
        return names;
    }
}
