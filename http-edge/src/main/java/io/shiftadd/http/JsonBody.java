package io.shiftadd.http;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the JSON of requests by one set of rules: RFC 8259 and nothing beside it, each field once, one value, at most
 * 64 levels, numbers of at most 100 and names of at most 1,000 characters, texts of whole characters. Messages are our
 * own.
 */
public final class JsonBody {

    /** Arrays and objects within each other. */
    public static final int MAX_DEPTH = 64;

    static final int MAX_NUMBER_LENGTH = 100;
    static final int MAX_NAME_LENGTH = 1_000;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .maxNameLength(MAX_NAME_LENGTH)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBody() {}

    /** What texts may have. */
    public enum Texts {
        /** Whatever is Unicode: a model is to read it. */
        ANY,
        /** What names and settings may have; see {@link PlainText}. */
        PLAIN
    }

    /** @throws BadBodyException when it is no JSON, or breaks one of the rules above */
    public static JsonNode read(byte[] body, Texts texts) {
        JsonNode node;
        try {
            node = JSON.readTree(body);
        } catch (JacksonException e) {
            throw BadBodyException.malformed("The body is not valid JSON: " + JsonFault.describe(body));
        }
        if (node == null || node.isMissingNode()) {
            throw BadBodyException.malformed("The body is empty; send a JSON object");
        }
        checkTexts(node, "", texts);
        return node;
    }

    private static void checkTexts(JsonNode node, String path, Texts texts) {
        if (node.isString()) {
            refuse(path, fault(node.stringValue(), texts));
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String at = path.isEmpty() ? Shown.of(field.getKey()) : path + "." + Shown.of(field.getKey());
            refuse(at, fault(field.getKey(), texts));
            checkTexts(field.getValue(), at, texts);
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                JsonNode element = node.get(i);
                if (element.isString() || element.isContainer()) {
                    checkTexts(element, path + "[" + i + "]", texts);
                }
            }
        }
    }

    private static @Nullable String fault(String text, Texts texts) {
        return texts == Texts.PLAIN ? PlainText.fault(text) : PlainText.unicodeFault(text);
    }

    private static void refuse(String path, @Nullable String fault) {
        if (fault != null) {
            throw BadBodyException.ofField(path, fault);
        }
    }
}
