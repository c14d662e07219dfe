package io.shiftadd;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Files made wrong in ways that readers trip over: of bytes, of the lengths in them, of JSON, of protobuf fields. */
public final class Mutations {

    private static final long[] EXTREMES = {
        0,
        1,
        -1,
        2,
        7,
        255,
        65_535,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 31,
        1L << 32,
        (1L << 32) - 1,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MAX_VALUE - 7,
        100_000_000,
        100_000_001
    };

    private static final String[] JSON_VALUES = {
        "0",
        "1",
        "-1",
        "2147483647",
        "2147483648",
        "9223372036854775807",
        "-9223372036854775808",
        "1e308",
        "1e-320",
        "0.5",
        "true",
        "false",
        "null",
        "\"\"",
        "\"a\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"▁\"",
        "\"<unk>\"",
        "\"BPE\"",
        "\"Unigram\"",
        "\"(\"",
        "\"(a*)*b\"",
        "\"\\\\p{L}+\"",
        "[]",
        "{}",
        "[[]]",
        "[1]",
        "[\"a\", 0]",
        "[0, 16]",
        "{\"type\": \"Sequence\"}",
        "{\"String\": \"\"}",
        "{\"Regex\": \"(?:a|b)+\"}",
        "\"F16\"",
        "\"I64\"",
        "1e999"
    };

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Random random;

    public Mutations(long seed) {
        this.random = new Random(seed);
    }

    public Random random() {
        return random;
    }

    /** One to four changes of bytes: flipped, set to extreme numbers, cut out, doubled, or taken from elsewhere. */
    public byte[] bytes(byte[] file, byte[] other) {
        byte[] changed = file.clone();
        for (int edits = 1 + random.nextInt(4); edits > 0 && changed.length > 0; edits--) {
            changed = oneEdit(changed, other);
        }
        return changed;
    }

    private byte[] oneEdit(byte[] file, byte[] other) {
        // Headers are at the beginning, and matter most.
        int reach = random.nextInt(3) == 0 ? file.length : Math.min(file.length, 1 + random.nextInt(512));
        int at = random.nextInt(reach);
        switch (random.nextInt(8)) {
            case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> file[at] = (byte) random.nextInt();
            case 2 -> {
                long extreme = EXTREMES[random.nextInt(EXTREMES.length)];
                int size = random.nextBoolean() ? Integer.BYTES : Long.BYTES;
                ByteBuffer number = ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(0, extreme);
                System.arraycopy(number.array(), 0, file, at, Math.min(size, file.length - at));
            }
            case 3 -> {
                if (at + Long.BYTES <= file.length) {
                    ByteBuffer number = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
                    number.putLong(at, number.getLong(at) + random.nextInt(33) - 16);
                }
            }
            case 4 -> {
                return splice(file, 0, at, new byte[0], 0, 0);
            }
            case 5 -> {
                int length = Math.min(file.length - at, random.nextInt(64));
                return splice(file, at + length, file.length, file, 0, at);
            }
            case 6 -> {
                int from = random.nextInt(other.length);
                int length = Math.min(other.length - from, random.nextInt(64));
                byte[] head = splice(file, 0, at, other, from, from + length);
                return join(head, file, Math.min(file.length, at + (random.nextBoolean() ? length : 0)));
            }
            default -> {
                int length = Math.min(file.length - at, random.nextInt(64));
                return join(splice(file, 0, at + length, file, at, at + length), file, at + length);
            }
        }
        return file;
    }

    /** The second part before the first when the first is the end of the file. */
    private static byte[] splice(byte[] a, int fromA, int toA, byte[] b, int fromB, int toB) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (fromA > 0) {
            out.write(b, fromB, toB - fromB);
            out.write(a, fromA, toA - fromA);
        } else {
            out.write(a, fromA, toA - fromA);
            out.write(b, fromB, toB - fromB);
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[] head, byte[] file, int from) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head);
        out.write(file, from, file.length - from);
        return out.toByteArray();
    }

    /** One to three values anywhere in the JSON replaced, removed, renamed or doubled. */
    public byte[] json(byte[] json) {
        JsonNode root = MAPPER.readTree(json);
        String text = null;
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            List<JsonNode> containers = new ArrayList<>();
            collect(root, containers);
            JsonNode container = containers.get(random.nextInt(containers.size()));
            edit(container);
        }
        text = MAPPER.writeValueAsString(root);
        if (random.nextInt(8) == 0) {
            // Numbers that a tree would not keep.
            text = text.replaceFirst(":\\s*\\d+", ": 1e999");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void edit(JsonNode container) {
        JsonNode value = value();
        if (container instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>(object.propertyNames());
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(4)) {
                case 0 -> object.remove(name);
                case 1 -> object.set(name + random.nextInt(3), object.get(name));
                default -> object.set(name, value);
            }
        } else if (container instanceof ArrayNode array && !array.isEmpty()) {
            int at = random.nextInt(array.size());
            switch (random.nextInt(4)) {
                case 0 -> array.remove(at);
                case 1 -> array.add(array.get(at));
                default -> array.set(at, value);
            }
        }
    }

    private JsonNode value() {
        String value = JSON_VALUES[random.nextInt(JSON_VALUES.length)];
        return value.equals("1e999") ? MAPPER.readTree("1e308") : MAPPER.readTree(value);
    }

    /** Large vocabularies would drown what is around them, so that children are taken with a cap. */
    private void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainer()) {
            containers.add(node);
            int i = 0;
            for (JsonNode child : node) {
                if (i++ < 40) {
                    collect(child, containers);
                }
            }
        }
    }

    /** A field of a protobuf message changed: its number, wire type, length or value; or bytes anywhere. */
    public byte[] protobuf(byte[] message) {
        if (random.nextInt(3) == 0) {
            return bytes(message, message);
        }
        List<Integer> starts = new ArrayList<>();
        for (int at = 0; at + 1 < message.length && starts.size() < 2_000; ) {
            starts.add(at);
            int length = message[at + 1] & 0x7F;
            at += 2 + ((message[at] & 7) == 2 && message[at + 1] >= 0 ? length : 0);
        }
        byte[] changed = message.clone();
        int at = starts.get(random.nextInt(starts.size()));
        switch (random.nextInt(4)) {
            case 0 -> changed[at] = (byte) (changed[at] & ~7 | random.nextInt(8));
            case 1 -> changed[at] = (byte) (changed[at] & 7 | random.nextInt(32) << 3);
            case 2 -> changed[at + 1] = (byte) random.nextInt();
            default -> {
                // A length or value of ten bytes, the most there may be.
                byte[] varint = new byte[1 + random.nextInt(10)];
                for (int i = 0; i < varint.length; i++) {
                    varint[i] = (byte) (random.nextInt(128) | (i + 1 < varint.length ? 128 : 0));
                }
                byte[] head = splice(changed, 0, at + 1, varint, 0, varint.length);
                return join(head, message, at + 2);
            }
        }
        return changed;
    }
}
