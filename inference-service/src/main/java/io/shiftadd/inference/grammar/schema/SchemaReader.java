package io.shiftadd.inference.grammar.schema;

import io.shiftadd.inference.grammar.pattern.Work;
import io.shiftadd.inference.grammar.schema.Schema.Options;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** Reads the schemas of a document, each once. Of drafts before 2020-12 it knows the lists of {@code items} too. */
final class SchemaReader {

    private static final int MAX_DEPTH = 200;

    private final JsonNode document;
    private final Work work;
    private final Map<String, Schema> read = new HashMap<>();
    private @Nullable Map<String, String> anchors;
    private int depth;

    SchemaReader(JsonNode document, Work work) {
        this.document = document;
        this.work = work;
    }

    Schema root() {
        return schema(document, "");
    }

    /** The schema that a reference leads to. */
    Schema referred(Schema from) {
        String target = Objects.requireNonNull(from.reference());
        String where = from.where() + "/$ref";
        if (!target.startsWith("#")) {
            throw new SchemaException(
                    where, "refers to '" + target + "'; only references within the schema (#…) are supported");
        }
        String written = target.substring(1);
        for (String pointer : List.of(written, decoded(written))) {
            String path = pointer.isEmpty() || pointer.startsWith("/")
                    ? pointer
                    : anchors().get(pointer);
            JsonNode found = path == null ? null : at(path);
            if (path != null && found != null) {
                return schema(found, path);
            }
        }
        throw new SchemaException(where, "there is nothing at '" + target + "'");
    }

    private @Nullable JsonNode at(String path) {
        JsonNode found = document.at(JsonPointer.compile(path));
        return found.isMissingNode() ? null : found;
    }

    /** Characters may be written as %XX in a reference. */
    private static String decoded(String fragment) {
        try {
            return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return fragment;
        }
    }

    /** Pointers to the schemas that have a name of their own. */
    private Map<String, String> anchors() {
        Map<String, String> found = anchors;
        if (found == null) {
            found = new HashMap<>();
            findAnchors(document, "", found);
            anchors = found;
        }
        return found;
    }

    private void findAnchors(JsonNode node, String where, Map<String, String> found) {
        work.charge(1);
        JsonNode anchor = node.get("$anchor");
        if (anchor != null && anchor.isString()) {
            found.putIfAbsent(anchor.stringValue(), where);
        }
        if (node.isObject()) {
            node.properties()
                    .forEach(e -> findAnchors(e.getValue(), where + "/" + Keywords.escaped(e.getKey()), found));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                findAnchors(node.get(i), where + "/" + i, found);
            }
        }
    }

    Schema schema(JsonNode node, String where) {
        Schema known = read.get(where);
        if (known != null) {
            return known;
        }
        work.charge(20 + node.size());
        if (++depth > MAX_DEPTH) {
            throw new SchemaException(where, "is more than " + MAX_DEPTH + " schemas deep");
        }
        Schema schema;
        if (node.isBoolean() || isNever(node)) {
            Assertions own = node.isBoolean() && node.booleanValue()
                    ? null
                    : Assertions.never(node.isBoolean() ? where : where + "/not");
            schema = new Schema(where, own, null, List.of(), List.of());
        } else if (node.isObject()) {
            schema = object(node, where);
        } else {
            throw new SchemaException(where, "is not a JSON schema: it must be an object, true or false");
        }
        depth--;
        read.put(where, schema);
        return schema;
    }

    /** {@code {"not": {}}} is how some write {@code false}. */
    private static boolean isNever(JsonNode node) {
        return node.isObject() && node.size() == 1 && node.has("not") && new Keywords(node, "").asksForNothing("not");
    }

    private Schema object(JsonNode node, String where) {
        Keywords keywords = new Keywords(node, where);
        Unsupported.refuse(keywords);
        List<Options> options = new ArrayList<>();
        for (String keyword : List.of("anyOf", "oneOf")) {
            if (keywords.has(keyword)) {
                options.add(new Options(where + "/" + keyword, list(keywords, keyword, true), keyword.equals("oneOf")));
            }
        }
        List<Schema> all = keywords.has("allOf") ? list(keywords, "allOf", true) : List.of();
        return new Schema(where, assertions(keywords, where), keywords.text("$ref"), all, options);
    }

    private List<Schema> list(Keywords keywords, String keyword, boolean some) {
        JsonNode value = keywords.get(keyword);
        List<Schema> schemas = new ArrayList<>();
        if (value != null) {
            if (!value.isArray() || some && value.isEmpty()) {
                throw keywords.wrong(keyword, "a list of schemas" + (some ? ", at least one" : ""));
            }
            for (int i = 0; i < value.size(); i++) {
                schemas.add(schema(value.get(i), keywords.where(keyword) + "/" + i));
            }
        }
        return schemas;
    }

    private @Nullable Schema child(Keywords keywords, String keyword) {
        JsonNode value = keywords.get(keyword);
        return value == null ? null : schema(value, keywords.where(keyword));
    }

    private Map<String, Schema> children(Keywords keywords, String keyword) {
        Map<String, Schema> children = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : keywords.entries(keyword)) {
            String where = keywords.where(keyword) + "/" + Keywords.escaped(entry.getKey());
            children.put(entry.getKey(), schema(entry.getValue(), where));
        }
        return children;
    }

    private @Nullable Assertions assertions(Keywords keywords, String where) {
        Set<Type> types = ScalarKeywords.types(keywords);
        List<JsonNode> values = ScalarKeywords.values(keywords, work);
        Assertions.Numbers numbers = ScalarKeywords.numbers(keywords);
        Assertions.Texts texts = ScalarKeywords.texts(keywords);
        Assertions.Arrays arrays = arrays(keywords);
        Assertions.Objects objects = objects(keywords);
        boolean none = types == null
                && values == null
                && numbers == null
                && texts == null
                && arrays == null
                && objects == null;
        return none ? null : new Assertions(where, false, types, values, numbers, texts, arrays, objects);
    }

    private Assertions.@Nullable Arrays arrays(Keywords keywords) {
        JsonNode written = keywords.get("items");
        boolean asList = written != null && written.isArray();
        List<Schema> first = list(keywords, asList ? "items" : "prefixItems", false);
        String rest = asList ? "additionalItems" : "items";
        if (keywords.isFalse("unevaluatedItems") && keywords.get(rest) == null) {
            rest = "unevaluatedItems";
        }
        Schema items = child(keywords, rest);
        int most = keywords.most("maxItems");
        int least = keywords.least("minItems");
        boolean unique = keywords.flag("uniqueItems");
        boolean said = items != null || !first.isEmpty() || keywords.has("minItems") || keywords.has("maxItems");
        return said || unique ? new Assertions.Arrays(first, items, rest, least, most, unique) : null;
    }

    private Assertions.@Nullable Objects objects(Keywords keywords) {
        Map<String, Schema> properties = children(keywords, "properties");
        Map<String, Schema> patterns = children(keywords, "patternProperties");
        String rest = keywords.has("additionalProperties") || !keywords.isFalse("unevaluatedProperties")
                ? "additionalProperties"
                : "unevaluatedProperties";
        Schema additional = child(keywords, rest);
        Schema names = child(keywords, "propertyNames");
        List<String> required = keywords.names("required");
        int least = keywords.least("minProperties");
        int most = keywords.most("maxProperties");
        boolean said = !properties.isEmpty()
                || keywords.has("properties")
                || !patterns.isEmpty()
                || additional != null
                || !required.isEmpty()
                || least > 0
                || most < Assertions.UNLIMITED
                || names != null && !names.asksForNothing();
        return said ? new Assertions.Objects(properties, patterns, additional, names, required, least, most) : null;
    }
}
