package io.shiftadd.inference.openai;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests that are almost right: a valid one of each endpoint, spoiled in its fields, its text or its envelope. */
final class RequestMutations {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final List<Valid> VALID = List.of(
            new Valid("/v1/completions", """
                    {"model": "llama-mini", "prompt": "Once", "max_tokens": 2, "n": 1, "best_of": 1, "echo": false,
                     "logprobs": 1, "stop": ["x", "yz"], "seed": 3, "temperature": 0.7, "top_p": 0.9, "top_k": 5,
                     "min_p": 0.1, "presence_penalty": 0.5, "frequency_penalty": -0.5, "repetition_penalty": 1.1,
                     "logit_bias": {"17": -100, "40": 1.5}, "user": "me"}"""),
            new Valid("/v1/completions", """
                    {"model": "opt-mini", "prompt": [[2, 5, 6], [2, 9]], "max_tokens": 1, "logprobs": 1, "echo": true,
                     "temperature": 0, "stream": true, "stream_options": {"include_usage": true}}"""),
            new Valid("/v1/chat/completions", """
                    {"model": "llama-mini", "max_completion_tokens": 3, "max_tokens": 3, "n": 1, "logprobs": true,
                     "top_logprobs": 2, "messages": [{"role": "system", "content": "Be brief."},
                      {"role": "user", "name": "me", "content": [{"type": "text", "text": "Hello"}]}],
                     "stop": "z", "stream": true, "stream_options": {"include_usage": false}, "tools": [],
                     "response_format": {"type": "text"}, "service_tier": "auto", "store": false}"""),
            new Valid("/v1/chat/completions", """
                    {"model": "llama-mini", "max_tokens": 30, "messages": [{"role": "user", "content": "A book?"}],
                     "response_format": {"type": "json_schema", "json_schema": {"name": "book", "strict": true,
                      "schema": {"type": "object", "additionalProperties": false, "required": ["a", "b"],
                       "properties": {"a": {"type": "integer", "minimum": 1, "maximum": 9},
                        "b": {"anyOf": [{"enum": ["x", null]}, {"$ref": "#/$defs/c"}]},
                        "d": {"type": "array", "items": {"type": "string", "maxLength": 2}, "maxItems": 2}},
                       "$defs": {"c": {"type": ["boolean", "null"]}}}}}}"""),
            new Valid("/v1/embeddings", """
                    {"model": "llama-mini", "input": ["A harbour", "B"], "encoding_format": "base64", "dimensions": 192,
                     "user": "me"}"""),
            new Valid("/tokenize", """
                    {"model": "llama-mini", "prompt": "A text", "add_special_tokens": true, "return_token_strs": true}"""),
            new Valid("/detokenize", """
                    {"model": "llama-mini", "tokens": [1, 5, 700]}"""));

    private static final List<String> HOSTILE = List.of(
            "null",
            "true",
            "false",
            "0",
            "-1",
            "-0.0",
            "0.5",
            "3",
            "6",
            "21",
            "129",
            "65537",
            "2147483648",
            "-2147483649",
            "9223372036854775808",
            "1e308",
            "-1e308",
            "1e-320",
            "123456789012345678901234567890.5",
            "\"\"",
            "\" \"",
            "\"\\u0000\"",
            "\"NaN\"",
            "\"../../etc/passwd\"",
            "\"%2e%2e%2f\"",
            "\"é日本😀\"",
            "\"\\ud83d\"",
            "\"\\udc00\\ud800\"",
            "\"<|endoftext|></s><s>\"",
            "\"{{ messages.__class__ }}\"",
            "[]",
            "{}",
            "[[]]",
            "[null]",
            "[[],{}]",
            "[1,\"a\"]",
            "[-1]",
            "[999999999]",
            "{\"\":null}",
            "{\"type\":\"json_schema\"}",
            "{\"$ref\":\"#\"}",
            "{\"anyOf\":[{\"$ref\":\"#\"}]}");

    private static final List<String> RAW = List.of(
            "NaN",
            "Infinity",
            "-Infinity",
            "1e999999",
            "01",
            "+1",
            ".5",
            "'a'",
            "undefined",
            "\"\\x\"",
            "/**/1",
            "1 2",
            "\u0001");

    private static final List<String> CONTENT_TYPES = List.of(
            "",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "application/xml",
            "nonsense",
            "application/",
            "application/json; charset=\"");

    private static final List<String> PATHS = List.of(
            "/v1/completions/",
            "/v1//completions",
            "/v1/completions%00",
            "/v1/completions;a=b",
            "/v1/%2e%2e/actuator/env",
            "/v1/models/..%2f..%2fetc",
            "/v1/models/%00",
            "/v1/models/" + "a".repeat(3_000),
            "/v1/engines",
            "/v1/files",
            "/actuator/heapdump",
            "/v1/chat",
            "/");

    private final Random random;

    private record Valid(String path, String body) {}

    /** @param body as text, to tell what was sent */
    record Mutant(HttpRequest request, String body) {}

    /** A place in a JSON tree. */
    private record Slot(JsonNode parent, String name, int index) {

        JsonNode get() {
            return parent instanceof ObjectNode ? parent.get(name) : parent.get(index);
        }

        void set(JsonNode value) {
            if (parent instanceof ObjectNode object) {
                object.set(name, value);
            } else if (parent instanceof ArrayNode array) {
                array.set(index, value);
            }
        }

        void remove() {
            if (parent instanceof ObjectNode object) {
                object.remove(name);
            } else if (parent instanceof ArrayNode array) {
                array.remove(index);
            }
        }
    }

    RequestMutations(long seed) {
        random = new Random(seed);
    }

    Mutant next(String url) {
        Valid valid = pick(VALID);
        String method = "POST";
        String path = valid.path();
        String type = "application/json";
        byte[] body = valid.body().getBytes(StandardCharsets.UTF_8);
        int kind = random.nextInt(100);
        if (kind < 70) {
            body = spoilFields(valid.body()).getBytes(StandardCharsets.UTF_8);
        } else if (kind < 92) {
            body = spoilText(body);
        } else if (kind < 95) {
            type = pick(CONTENT_TYPES);
        } else if (kind < 97) {
            method = pick(List.of("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"));
        } else {
            path = pick(PATHS);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        HttpRequest made = (type.isEmpty() ? request : request.header("Content-Type", type)).build();
        return new Mutant(made, new String(body, StandardCharsets.ISO_8859_1));
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private String spoilFields(String valid) {
        ObjectNode root = (ObjectNode) JSON.readTree(valid);
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times; i++) {
            List<Slot> slots = new ArrayList<>();
            collect(root, slots);
            if (!slots.isEmpty()) {
                spoil(root, pick(slots));
            }
        }
        String text = root.toString();
        // Some things no tree can hold.
        return random.nextInt(12) == 0
                ? text.replaceFirst(":[^:,{}\\[\\]]+([,}])", ":" + pick(RAW).replace("\\", "\\\\") + "$1")
                : text;
    }

    private static void collect(JsonNode node, List<Slot> slots) {
        if (node instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                slots.add(new Slot(node, name, -1));
                collect(node.get(name), slots);
            }
        } else if (node instanceof ArrayNode) {
            for (int i = 0; i < node.size(); i++) {
                slots.add(new Slot(node, "", i));
                collect(node.get(i), slots);
            }
        }
    }

    private void spoil(ObjectNode root, Slot slot) {
        switch (random.nextInt(12)) {
            case 0 -> slot.remove();
            case 1 -> root.set(misspelled(slot.name()), slot.get());
            case 2 ->
                root.set(
                        pick(List.of("functions", "tools", "audio", "suffix", "x", "modalities", "prompt", "")),
                        JSON.readTree(pick(HOSTILE)));
            case 3 -> slot.set(nested(slot.get(), 1 + random.nextInt(80)));
            case 4 -> slot.set(JSON.valueToTree("y".repeat(1 << random.nextInt(14))));
            case 5 -> {
                ArrayNode many = JSON.createArrayNode();
                int count = 1 << random.nextInt(12);
                JsonNode value = slot.get();
                for (int i = 0; i < count; i++) {
                    many.add(value);
                }
                slot.set(many);
            }
            default -> slot.set(JSON.readTree(pick(HOSTILE)));
        }
    }

    private static JsonNode nested(JsonNode value, int depth) {
        JsonNode outer = value;
        for (int i = 0; i < depth; i++) {
            outer = JSON.createArrayNode().add(outer);
        }
        return outer;
    }

    private String misspelled(String name) {
        if (name.length() < 2) {
            return name + "x";
        }
        int at = random.nextInt(name.length() - 1);
        return name.substring(0, at) + name.charAt(at + 1) + name.charAt(at) + name.substring(at + 2) + "_";
    }

    private byte[] spoilText(byte[] valid) {
        byte[] text = valid.clone();
        switch (random.nextInt(5)) {
            case 0 -> {
                return Arrays.copyOf(text, random.nextInt(text.length));
            }
            case 1 -> text[random.nextInt(text.length)] = (byte) random.nextInt(256);
            case 2 -> {
                for (int i = 0; i < 8; i++) {
                    text[random.nextInt(text.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 3 -> {
                return inserted(text, random.nextInt(text.length), new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80});
            }
            default -> {
                return inserted(
                        text,
                        text.length,
                        pick(List.of("}", "{}", "x", "\u0000", "]", ",")).getBytes(StandardCharsets.UTF_8));
            }
        }
        return text;
    }

    private static byte[] inserted(byte[] text, int at, byte[] more) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.write(text, 0, at);
        joined.writeBytes(more);
        joined.write(text, at, text.length - at);
        return joined.toByteArray();
    }
}
