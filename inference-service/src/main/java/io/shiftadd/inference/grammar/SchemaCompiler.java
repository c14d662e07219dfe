package io.shiftadd.inference.grammar;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Makes rules of a JSON schema. A keyword that restricts values and is not among those below is refused by name: ignoring
 * it would produce values that the schema forbids.
 */
final class SchemaCompiler {

    /** Characters of a schema: what it lists is kept byte by byte, and looked through for every token. */
    private static final int MAX_LENGTH = 1 << 16;

    /** Schemas within schemas, references followed. */
    private static final int MAX_DEPTH = 128;

    private static final int MAX_SCHEMAS = 2_000;
    private static final int MAX_COUNT = 10_000;
    private static final double MAX_BOUND = 1e15;
    private static final double MIN_BOUND = 1e-15;
    private static final int LONGEST_SHORTEST_TEXT = 1 << 20;

    private static final Set<String> ANNOTATIONS = Set.of(
            "$schema",
            "$id",
            "$comment",
            "$defs",
            "definitions",
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly");
    private static final Set<String> SUPPORTED = Set.of(
            "type",
            "enum",
            "const",
            "anyOf",
            "allOf",
            "$ref",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum");

    private final JsonNode root;
    private final List<Rule> made = new ArrayList<>();
    private final Map<String, ReferenceRule> references = new HashMap<>();
    private int schemas;
    private int depth;

    SchemaCompiler(JsonNode root) {
        this.root = root;
    }

    Rule compile() {
        if (root.toString().length() > MAX_LENGTH) {
            throw new SchemaException("", "is longer than " + MAX_LENGTH + " characters");
        }
        Rule rule = compile(root, "");
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Rule part : made) {
                changed |= part.settle();
            }
        }
        if (rule.shortest() >= LONGEST_SHORTEST_TEXT) {
            throw new SchemaException("", "no text of reasonable length can meet it");
        }
        return rule;
    }

    private <R extends Rule> R keep(R rule) {
        made.add(rule);
        return rule;
    }

    private Rule compile(JsonNode schema, String where) {
        if (++schemas > MAX_SCHEMAS) {
            throw new SchemaException(where, "has more than " + MAX_SCHEMAS + " parts");
        }
        if (++depth > MAX_DEPTH) {
            throw new SchemaException(where, "is more than " + MAX_DEPTH + " schemas deep, references followed");
        }
        Rule rule = compileOne(schema, where);
        depth--;
        return rule;
    }

    private Rule compileOne(JsonNode schema, String where) {
        if (schema.isBoolean()) {
            return schema.booleanValue() ? AnyRule.VALUE : keep(new ChoiceRule(List.of()));
        }
        Set<String> keywords = keywords(schema, where);
        if (keywords.contains("$ref")) {
            return alone("$ref", keywords, where, reference(schema.get("$ref").stringValue(), where));
        }
        if (keywords.contains("allOf")) {
            if (schema.get("allOf").size() != 1) {
                throw new SchemaException(where + "/allOf", "is supported with one schema in it only");
            }
            return alone("allOf", keywords, where, compile(schema.get("allOf").get(0), where + "/allOf/0"));
        }
        if (keywords.contains("anyOf")) {
            keywords.remove("type");
            return alone("anyOf", keywords, where, choice(schema.get("anyOf"), where + "/anyOf"));
        }
        if (keywords.contains("const")) {
            return Literals.of(List.of(schema.get("const")), schema.get("type"), where + "/const");
        }
        if (keywords.contains("enum")) {
            Collection<JsonNode> values = schema.get("enum").values();
            return Literals.of(values, schema.get("type"), where + "/enum");
        }
        return ofTypes(schema, keywords, where);
    }

    private static Set<String> keywords(JsonNode schema, String where) {
        Set<String> keywords = new TreeSet<>(schema.propertyNames());
        keywords.removeAll(ANNOTATIONS);
        if (!schema.path("uniqueItems").asBoolean(false)) {
            keywords.remove("uniqueItems");
        }
        for (String keyword : keywords) {
            if (!SUPPORTED.contains(keyword)) {
                String remedy = keyword.equals("oneOf") ? "; use anyOf" : "";
                throw new SchemaException(
                        where + "/" + keyword,
                        "is not supported" + remedy + "; supported are " + String.join(", ", new TreeSet<>(SUPPORTED)));
            }
        }
        return keywords;
    }

    private static Rule alone(String keyword, Set<String> keywords, String where, Rule rule) {
        for (String other : keywords) {
            if (!other.equals(keyword)) {
                throw new SchemaException(where + "/" + other, "is not supported beside " + keyword);
            }
        }
        return rule;
    }

    private Rule choice(JsonNode options, String where) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            rules.add(compile(options.get(i), where + "/" + i));
        }
        return keep(new ChoiceRule(rules));
    }

    private Rule reference(String target, String where) {
        if (!target.startsWith("#")) {
            throw new SchemaException(
                    where + "/$ref",
                    "refers to '" + target + "'; only references within the schema (#/…) are supported");
        }
        ReferenceRule known = references.get(target);
        if (known != null) {
            return known;
        }
        JsonNode schema = pointed(target.substring(1), where);
        ReferenceRule rule = keep(new ReferenceRule());
        references.put(target, rule);
        Rule compiled = compile(schema, target.substring(1));
        if (leadsTo(compiled, rule)) {
            throw new SchemaException(where + "/$ref", "refers to itself");
        }
        rule.resolve(compiled);
        return rule;
    }

    private JsonNode pointed(String pointer, String where) {
        JsonNode schema;
        try {
            schema = root.at(JsonPointer.compile(pointer));
        } catch (IllegalArgumentException e) {
            throw new SchemaException(where + "/$ref", "'#" + pointer + "' is no JSON pointer");
        }
        if (schema.isMissingNode()) {
            throw new SchemaException(where + "/$ref", "there is nothing at '#" + pointer + "'");
        }
        return schema;
    }

    private static boolean leadsTo(Rule from, ReferenceRule to) {
        Set<Rule> seen = new HashSet<>();
        Rule at = from;
        while (at instanceof ReferenceRule reference && seen.add(at)) {
            if (at == to) {
                return true;
            }
            if (!reference.isResolved()) {
                return false;
            }
            at = reference.target();
        }
        return false;
    }

    private Rule ofTypes(JsonNode schema, Set<String> keywords, String where) {
        JsonNode type = schema.get("type");
        if (type == null && keywords.isEmpty()) {
            return AnyRule.VALUE;
        }
        List<String> types = type == null
                ? List.of(impliedType(keywords))
                : type.isArray()
                        ? type.values().stream().map(JsonNode::stringValue).toList()
                        : List.of(type.stringValue());
        List<Rule> rules = new ArrayList<>();
        for (String name : types) {
            rules.add(ofType(name, schema, where));
        }
        return rules.size() == 1 ? rules.getFirst() : keep(new ChoiceRule(rules));
    }

    /** Without a type a schema's keywords bind values of one type only; values of that type meet it. */
    private static String impliedType(Set<String> keywords) {
        if (keywords.contains("properties")
                || keywords.contains("required")
                || keywords.contains("additionalProperties")) {
            return "object";
        }
        if (keywords.contains("items")
                || keywords.contains("prefixItems")
                || keywords.contains("minItems")
                || keywords.contains("maxItems")) {
            return "array";
        }
        return keywords.contains("minLength") || keywords.contains("maxLength") ? "string" : "number";
    }

    private Rule ofType(String type, JsonNode schema, String where) {
        return switch (type) {
            case "object" -> object(schema, where);
            case "array" -> array(schema, where);
            case "string" -> string(schema, where);
            case "number", "integer" -> number(schema, type.equals("integer"), where);
            case "boolean" -> LiteralRule.BOOLEAN;
            case "null" -> LiteralRule.NULL;
            default -> throw new SchemaException(where + "/type", "'" + type + "' is no type");
        };
    }

    private Rule object(JsonNode schema, String where) {
        Set<String> required = new TreeSet<>();
        schema.path("required").forEach(name -> required.add(name.stringValue()));
        List<ObjectRule.Property> properties = new ArrayList<>();
        JsonNode listed = schema.path("properties");
        for (Map.Entry<String, JsonNode> property : listed.properties()) {
            String name = property.getKey();
            Rule rule = compile(property.getValue(), where + "/properties/" + escaped(name));
            properties.add(new ObjectRule.Property(Literals.text(name), rule, required.remove(name)));
        }
        JsonNode additional = schema.get("additionalProperties");
        boolean none = additional == null ? !properties.isEmpty() : additional.isBoolean() && !additional.asBoolean();
        Rule others = additional == null ? AnyRule.VALUE : compile(additional, where + "/additionalProperties");
        for (String name : required) {
            if (additional != null && none) {
                throw new SchemaException(
                        where + "/required", "'" + name + "' is required but not among the properties");
            }
            properties.add(new ObjectRule.Property(Literals.text(name), others, true));
        }
        return keep(ObjectRule.of(properties, none ? null : others));
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private Rule array(JsonNode schema, String where) {
        List<Rule> first = new ArrayList<>();
        JsonNode prefix = schema.path("prefixItems");
        for (int i = 0; i < prefix.size(); i++) {
            first.add(compile(prefix.get(i), where + "/prefixItems/" + i));
        }
        JsonNode items = schema.get("items");
        Rule others = items == null ? AnyRule.VALUE : compile(items, where + "/items");
        int minimum = count(schema, "minItems", 0, where);
        int maximum = count(schema, "maxItems", ArrayRule.UNLIMITED, where);
        return keep(new ArrayRule(first, others, minimum, maximum));
    }

    private static Rule string(JsonNode schema, String where) {
        int minimum = count(schema, "minLength", 0, where);
        int maximum = count(schema, "maxLength", StringRule.UNLIMITED, where);
        if (minimum > maximum) {
            throw new SchemaException(where + "/minLength", "is more than maxLength");
        }
        return minimum == 0 && maximum == StringRule.UNLIMITED ? StringRule.ANY : new StringRule(minimum, maximum);
    }

    private static int count(JsonNode schema, String keyword, int otherwise, String where) {
        JsonNode value = schema.get(keyword);
        if (value == null) {
            return otherwise;
        }
        double count = value.doubleValue();
        if (keyword.startsWith("min") && count > MAX_COUNT) {
            throw new SchemaException(where + "/" + keyword, "is more than " + MAX_COUNT);
        }
        return (int) count;
    }

    private static Rule number(JsonNode schema, boolean integer, String where) {
        JsonNode lowest = tighter(schema, "minimum", "exclusiveMinimum", 1);
        JsonNode highest = tighter(schema, "maximum", "exclusiveMaximum", -1);
        if (lowest == null && highest == null) {
            return integer ? NumberRule.INTEGER : NumberRule.ANY;
        }
        return NumberRule.within(new NumberBounds(
                integer,
                lowest == null ? null : bound(lowest, where),
                lowest != null && lowest == schema.get("exclusiveMinimum"),
                highest == null ? null : bound(highest, where),
                highest != null && highest == schema.get("exclusiveMaximum")));
    }

    /** Numbers are written with few digits, so that bounds far outside of these cost time and change nothing. */
    private static BigDecimal bound(JsonNode value, String where) {
        double magnitude = Math.abs(value.doubleValue());
        if (!(magnitude <= MAX_BOUND) || magnitude != 0 && magnitude < MIN_BOUND) {
            throw new SchemaException(where, "has a bound outside of ±" + MIN_BOUND + " to ±" + MAX_BOUND);
        }
        return value.decimalValue();
    }

    /** The bound that binds when both are given; the exclusive one when they are equal. */
    private static @Nullable JsonNode tighter(JsonNode schema, String inclusive, String exclusive, int direction) {
        JsonNode a = schema.get(inclusive);
        JsonNode b = schema.get(exclusive);
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return direction * Double.compare(a.doubleValue(), b.doubleValue()) > 0 ? a : b;
    }
}
