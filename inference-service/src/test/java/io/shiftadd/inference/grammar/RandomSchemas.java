package io.shiftadd.inference.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Schemas at random, of all keywords that are kept to and in any combination, and values at random. */
final class RandomSchemas {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String[] NAMES = {"a", "ab", "b", "long name", "é", "q\"", "x/y", "", "0"};
    private static final String[] PATTERNS = {
        "^a", "b$", "^[a-c]*$", "^.{1,3}$", "a|é", "^(?!ab)", "\\d", "^a?b+(c|d)?$"
    };
    private static final String[] VALUES = {
        "\"a\"",
        "\"ab\"",
        "\"é\\\"\\\\\"",
        "\"\"",
        "1",
        "1.5",
        "-3",
        "20",
        "true",
        "false",
        "null",
        "[]",
        "[1]",
        "[1,\"a\"]",
        "{}",
        "{\"a\":1}",
        "{\"a\":\"ab\",\"b\":null}",
        "[[],{}]",
        "0",
        "\"2024-02-29\"",
        "\"bcd\""
    };

    private final Random random;

    RandomSchemas(Random random) {
        this.random = random;
    }

    ObjectNode document() {
        ObjectNode schema = schema(0);
        ObjectNode definitions = schema.putObject("$defs");
        definitions.set("d1", schema(2));
        definitions.set("d/2", schema(1));
        return schema;
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private ObjectNode schema(int depth) {
        ObjectNode schema = JSON.createObjectNode();
        if (chance(70)) {
            types(schema);
        }
        if (chance(12)) {
            ArrayNode values = schema.putArray("enum");
            some(VALUES, 4).forEach(value -> values.add(JSON.readTree(value)));
        } else if (chance(5)) {
            schema.set("const", JSON.readTree(pick(VALUES)));
        }
        if (chance(25)) {
            numbers(schema);
        }
        if (chance(25)) {
            texts(schema);
        }
        if (depth < 3) {
            nested(schema, depth);
        }
        return schema;
    }

    private void types(ObjectNode schema) {
        String[] types = {"string", "integer", "number", "boolean", "null", "array", "object"};
        if (chance(70)) {
            schema.put("type", pick(types));
        } else {
            ArrayNode several = schema.putArray("type");
            some(types, 3).forEach(several::add);
        }
    }

    private List<String> some(String[] values, int most) {
        List<String> all = new ArrayList<>(List.of(values));
        Collections.shuffle(all, random);
        return all.subList(0, 1 + random.nextInt(most));
    }

    private void numbers(ObjectNode schema) {
        double[] bounds = {-1000, -10, -1.5, -1, 0, 0.001, 1, 7, 99.5, 1e20, -1e300, 9007199254740991d};
        double low = bounds[random.nextInt(bounds.length)];
        if (chance(60)) {
            schema.put(chance(50) ? "minimum" : "exclusiveMinimum", low);
        }
        if (chance(60)) {
            schema.put(
                    chance(50) ? "maximum" : "exclusiveMaximum",
                    low + new double[] {2, 0.75, 10, 1, 1e6}[random.nextInt(5)]);
        }
        if (chance(20)) {
            schema.put("multipleOf", 1 + random.nextInt(7));
        }
    }

    private void texts(ObjectNode schema) {
        if (chance(50)) {
            schema.put("minLength", random.nextInt(4));
        }
        if (chance(50)) {
            schema.put("maxLength", random.nextInt(8));
        }
        if (chance(40)) {
            schema.put("pattern", pick(PATTERNS));
        }
        if (chance(10)) {
            schema.put("format", pick(new String[] {"date", "uuid", "ipv4", "x"}));
        }
    }

    private void nested(ObjectNode schema, int depth) {
        if (chance(25)) {
            object(schema, depth);
        }
        if (chance(20)) {
            array(schema, depth);
        }
        if (chance(15)) {
            schemas(schema.putArray("anyOf"), depth);
        }
        if (chance(6)) {
            schemas(schema.putArray("oneOf"), depth);
        }
        if (chance(10)) {
            schemas(schema.putArray("allOf"), depth);
        }
        if (chance(8)) {
            schema.put("$ref", chance(50) ? "#/$defs/d1" : "#/$defs/d~12");
        }
    }

    private void schemas(ArrayNode into, int depth) {
        for (int i = random.nextInt(3); i >= 0; i--) {
            into.add(schema(depth + 1));
        }
    }

    private void object(ObjectNode schema, int depth) {
        if (chance(80)) {
            ObjectNode properties = schema.putObject("properties");
            some(NAMES, 4).forEach(name -> properties.set(name, schema(depth + 1)));
        }
        if (chance(50)) {
            ArrayNode required = schema.putArray("required");
            some(NAMES, 2).forEach(required::add);
        }
        if (chance(40)) {
            schema.set(
                    "additionalProperties",
                    chance(50) ? schema(depth + 1) : JSON.readTree(chance(50) ? "true" : "false"));
        }
        if (chance(15)) {
            schema.putObject("patternProperties").set(pick(PATTERNS), schema(depth + 1));
        }
        if (chance(10)) {
            schema.putObject("propertyNames").put("pattern", pick(PATTERNS));
        }
        if (chance(20)) {
            schema.put("minProperties", random.nextInt(4));
        }
        if (chance(20)) {
            schema.put("maxProperties", random.nextInt(5));
        }
    }

    private void array(ObjectNode schema, int depth) {
        if (chance(70)) {
            schema.set("items", schema(depth + 1));
        }
        if (chance(30)) {
            schemas(schema.putArray("prefixItems"), depth);
        }
        if (chance(40)) {
            schema.put("minItems", random.nextInt(4));
        }
        if (chance(40)) {
            schema.put("maxItems", random.nextInt(5));
        }
        if (chance(10)) {
            schema.put("uniqueItems", true);
        }
    }

    JsonNode value() {
        return JSON.readTree(pick(VALUES));
    }
}
