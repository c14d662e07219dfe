package io.shiftadd.inference.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Values that meet a schema can be written: each schema is made around a value that it allows. */
class SchemaCompletenessTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int SCHEMAS = 1_500;
    private static final int DEPTH = 3;

    private final Random random = new Random(11);
    private ObjectNode definitions = JSON.createObjectNode();

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    @Test
    void everyValueThatASchemaIsMadeAroundCanBeWritten() {
        for (int i = 0; i < SCHEMAS; i++) {
            definitions = JSON.createObjectNode();
            JsonNode value = value(0);
            ObjectNode schema = around(value, 0);
            if (!definitions.isEmpty()) {
                schema.set("$defs", definitions);
            }
            assertThat(Judge.of(schema).takes(value))
                    .as("%s: %s", schema, value)
                    .isTrue();
            assertThat(Walk.accepts(Walk.grammar(schema), value.toString()))
                    .as("%s: %s", schema, value)
                    .isTrue();
        }
    }

    private JsonNode value(int depth) {
        return switch (random.nextInt(depth < DEPTH ? 9 : 5)) {
            case 0 -> JSON.valueToTree(random.nextInt(2_000) - 1_000);
            case 1 -> JSON.valueToTree((random.nextInt(400) - 200) / 4.0 + 0.125);
            case 2 -> JSON.valueToTree(chance(50));
            case 3 -> chance(30) ? JSON.nullNode() : JSON.valueToTree("ab" + random.nextInt(30));
            case 4 -> JSON.valueToTree(List.of("é", "日本", "", "a b", "x/y").get(random.nextInt(5)));
            case 5, 6 -> {
                ArrayNode array = JSON.createArrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(depth + 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = JSON.createObjectNode();
                for (String name : names()) {
                    object.set(name, value(depth + 1));
                }
                yield object;
            }
        };
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(List.of("a", "b", "long name", "é", "x/y", "x1", ""));
        Collections.shuffle(names, random);
        return names.subList(0, random.nextInt(4));
    }

    /** A schema that the value meets. */
    private ObjectNode around(JsonNode value, int depth) {
        ObjectNode schema = JSON.createObjectNode();
        if (value.isArray()) {
            array(schema.put("type", "array"), value, depth);
        } else if (value.isObject()) {
            object(schema.put("type", "object"), value, depth);
        } else if (chance(25)) {
            schema.putArray("enum").add("other").add(value).add(7);
        } else {
            scalar(schema, value);
        }
        return chance(35) ? wrapped(schema, depth) : schema;
    }

    private ObjectNode wrapped(ObjectNode schema, int depth) {
        ObjectNode outer = JSON.createObjectNode();
        switch (random.nextInt(4)) {
            case 0 -> {
                List<JsonNode> options = new ArrayList<>(List.of(schema, around(value(DEPTH), DEPTH)));
                Collections.shuffle(options, random);
                outer.putArray("anyOf").addAll(options);
            }
            case 1 -> {
                String name = "d" + definitions.size();
                definitions.set(name, schema);
                outer.put("$ref", "#/$defs/" + name);
            }
            case 2 -> outer.putArray("allOf").add(schema).add(JSON.createObjectNode());
            default -> {
                JsonNode type = schema.get("type");
                outer.putArray("allOf").add(schema);
                if (type != null) {
                    outer.set("type", type);
                }
            }
        }
        return outer;
    }

    private void scalar(ObjectNode schema, JsonNode value) {
        if (value.isString()) {
            String text = value.stringValue();
            int length = text.codePointCount(0, text.length());
            schema.put("type", "string");
            if (chance(40)) {
                schema.put("minLength", random.nextInt(length + 1));
            }
            if (chance(40)) {
                schema.put("maxLength", length + random.nextInt(3));
            }
            if (text.startsWith("ab") && chance(50)) {
                schema.put("pattern", "^ab\\d{1,2}$");
            }
        } else if (value.isNumber()) {
            schema.put("type", value.isInt() && chance(70) ? "integer" : "number");
            if (chance(40)) {
                schema.put("minimum", value.doubleValue() - random.nextInt(5));
            }
            if (chance(40)) {
                schema.put("exclusiveMaximum", value.doubleValue() + 0.5 + random.nextInt(5));
            }
        } else {
            schema.putArray("type").add("boolean").add("null");
        }
    }

    private void array(ObjectNode schema, JsonNode value, int depth) {
        int first = random.nextInt(value.size() + 1);
        if (first > 0) {
            ArrayNode prefix = schema.putArray("prefixItems");
            for (int i = 0; i < first; i++) {
                prefix.add(around(value.get(i), depth + 1));
            }
        }
        boolean isSet = first == 0 && value.values().stream().allMatch(JsonNode::isInt);
        List<JsonNode> rest = new ArrayList<>();
        for (int i = first; i < value.size(); i++) {
            rest.add(around(value.get(i), depth + 1));
        }
        if (isSet && Set.copyOf(value.values()).size() == value.size()) {
            schema.put("uniqueItems", true).putObject("items").put("type", "integer");
        } else if (rest.size() == 1) {
            schema.set("items", rest.getFirst());
        } else if (rest.size() > 1) {
            schema.putObject("items").putArray("anyOf").addAll(rest);
        } else if (chance(50)) {
            schema.put("items", false);
        }
        if (chance(40)) {
            schema.put("minItems", random.nextInt(value.size() + 1));
        }
        if (chance(40)) {
            schema.put("maxItems", value.size() + random.nextInt(2));
        }
    }

    /** Properties are written in the schema's order, and others after them. */
    private void object(ObjectNode schema, JsonNode value, int depth) {
        List<String> names = new ArrayList<>(value.propertyNames());
        int listed = random.nextInt(names.size() + 1);
        ObjectNode properties = JSON.createObjectNode();
        Set<String> required = new LinkedHashSet<>();
        for (String name : names.subList(0, listed)) {
            if (chance(20)) {
                properties.set("absent" + properties.size(), around(value(DEPTH), DEPTH));
            }
            properties.set(name, around(value.get(name), depth + 1));
            if (chance(50)) {
                required.add(name);
            }
        }
        if (!properties.isEmpty()) {
            schema.set("properties", properties);
        }
        others(schema, value, names.subList(listed, names.size()), depth);
        if (!required.isEmpty()) {
            required.forEach(schema.putArray("required")::add);
        }
        if (chance(30)) {
            schema.put("minProperties", random.nextInt(names.size() + 1));
        }
        if (chance(30)) {
            schema.put("maxProperties", names.size() + random.nextInt(2));
        }
    }

    private void others(ObjectNode schema, JsonNode value, List<String> names, int depth) {
        if (names.isEmpty()) {
            if (chance(50)) {
                schema.put("additionalProperties", false);
            }
        } else if (names.size() == 1 && names.getFirst().startsWith("x") && chance(50)) {
            schema.putObject("patternProperties").set("^x", around(value.get(names.getFirst()), depth + 1));
            schema.put("additionalProperties", false);
        } else if (names.size() == 1) {
            schema.set("additionalProperties", around(value.get(names.getFirst()), depth + 1));
        } else {
            schema.put("additionalProperties", true);
        }
    }
}
