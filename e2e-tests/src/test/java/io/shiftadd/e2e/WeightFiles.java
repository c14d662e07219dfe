package io.shiftadd.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The same weights in the other forms that repositories have them in: in shards, pickled, and as a GGUF file in parts.
 * Written from the formats' descriptions, not with the platform's own code.
 */
final class WeightFiles {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int ALIGNMENT = 32;

    private WeightFiles() {}

    /** A tensor of a safetensors file, of float16. */
    private record Tensor(String name, long[] shape, byte[] data) {}

    private static List<Tensor> tensors(Path safetensors) throws IOException {
        byte[] file = Files.readAllBytes(safetensors);
        int length = (int) little(file).getLong();
        JsonNode header = JSON.readTree(new String(file, 8, length, StandardCharsets.UTF_8));
        List<Tensor> all = new ArrayList<>();
        header.properties().forEach(entry -> {
            JsonNode tensor = entry.getValue();
            if (tensor.path("dtype").asString("").equals("F16")) {
                int from = 8 + length + tensor.at("/data_offsets/0").intValue();
                int to = 8 + length + tensor.at("/data_offsets/1").intValue();
                long[] shape = tensor.path("shape")
                        .valueStream()
                        .mapToLong(JsonNode::longValue)
                        .toArray();
                all.add(new Tensor(entry.getKey(), shape, Arrays.copyOfRange(file, from, to)));
            }
        });
        return all;
    }

    /** Two files and their index. */
    static void shard(Path safetensors, Path directory) throws IOException {
        Map<String, String> index = new TreeMap<>();
        List<Tensor> all = tensors(safetensors);
        for (int shard = 0; shard < 2; shard++) {
            String name = "model-%05d-of-00002.safetensors".formatted(shard + 1);
            Map<String, Object> header = new TreeMap<>();
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            for (int i = shard; i < all.size(); i += 2) {
                Tensor tensor = all.get(i);
                header.put(
                        tensor.name(),
                        Map.of(
                                "dtype",
                                "F16",
                                "shape",
                                tensor.shape(),
                                "data_offsets",
                                List.of(data.size(), data.size() + tensor.data().length)));
                data.writeBytes(tensor.data());
                index.put(tensor.name(), name);
            }
            byte[] head = JSON.writeValueAsBytes(header);
            ByteBuffer file = little(new byte[8 + head.length + data.size()]);
            file.putLong(head.length).put(head).put(data.toByteArray());
            Files.write(directory.resolve(name), file.array());
        }
        Files.write(
                directory.resolve("model.safetensors.index.json"),
                JSON.writeValueAsBytes(Map.of("metadata", Map.of(), "weight_map", index)));
    }

    /** As {@code torch.save} writes it: a pickle of protocol 2 in an archive, and each storage beside it. */
    static void pickle(Path safetensors, Path target) throws IOException {
        List<Tensor> all = tensors(safetensors);
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        write(pickle, new byte[] {(byte) 0x80, 2, '}', '('});
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(target))) {
            for (int i = 0; i < all.size(); i++) {
                pickled(all.get(i), Integer.toString(i), pickle);
                store(zip, "archive/data/" + i, all.get(i).data());
            }
            write(pickle, new byte[] {'u', '.'});
            store(zip, "archive/data.pkl", pickle.toByteArray());
            store(zip, "archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void pickled(Tensor tensor, String key, ByteArrayOutputStream out) {
        text(out, tensor.name());
        global(out, "torch._utils", "_rebuild_tensor_v2");
        write(out, new byte[] {'(', '('});
        text(out, "storage");
        global(out, "torch", "HalfStorage");
        text(out, key);
        text(out, "cpu");
        number(out, tensor.data().length / 2);
        write(out, new byte[] {'t', 'Q'});
        number(out, 0);
        long[] strides = new long[tensor.shape().length];
        long stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= tensor.shape()[i];
        }
        for (long[] tuple : List.of(tensor.shape(), strides)) {
            out.write('(');
            Arrays.stream(tuple).forEach(value -> number(out, value));
            out.write('t');
        }
        out.write(0x89);
        global(out, "collections", "OrderedDict");
        write(out, new byte[] {')', 'R', 't', 'R'});
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write('X');
        write(out, little(new byte[4]).putInt(bytes.length).array());
        write(out, bytes);
    }

    private static void global(ByteArrayOutputStream out, String module, String name) {
        write(out, ("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static void number(ByteArrayOutputStream out, long value) {
        write(out, new byte[] {(byte) 0x8A, 8});
        write(out, little(new byte[8]).putLong(value).array());
    }

    private static void write(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes(bytes);
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** Two parts, as llama.cpp's gguf-split makes them: the first has all metadata, each its tensors. */
    static void split(Path gguf, Path directory, String name) throws IOException {
        byte[] file = Files.readAllBytes(gguf);
        ByteBuffer in = little(file);
        int version = in.position(4).getInt();
        int tensors = (int) in.getLong();
        int values = (int) in.getLong();
        int metadataAt = in.position();
        for (int i = 0; i < values; i++) {
            skipText(in);
            skip(in, in.getInt());
        }
        byte[] metadata = Arrays.copyOfRange(file, metadataAt, in.position());
        List<byte[]> heads = new ArrayList<>();
        List<Long> offsets = new ArrayList<>();
        for (int i = 0; i < tensors; i++) {
            int from = in.position();
            skipText(in);
            in.position(in.position() + 4 + 8 * in.getInt(in.position()) + 4);
            heads.add(Arrays.copyOfRange(file, from, in.position()));
            offsets.add(in.getLong());
        }
        int dataAt = Math.ceilDiv(in.position(), ALIGNMENT) * ALIGNMENT;
        offsets.add((long) file.length - dataAt);
        int half = tensors / 2;
        for (int part = 0; part < 2; part++) {
            int first = part == 0 ? 0 : half;
            int end = part == 0 ? half : tensors;
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            write(out, "GGUF".getBytes(StandardCharsets.US_ASCII));
            int own = part == 0 ? values : 0;
            write(
                    out,
                    little(new byte[20])
                            .putInt(version)
                            .putLong(end - first)
                            .putLong(own + 3)
                            .array());
            write(out, part == 0 ? metadata : new byte[0]);
            short16(out, "split.no", part);
            short16(out, "split.count", 2);
            entry(out, "split.tensors.count", 5);
            write(out, little(new byte[4]).putInt(tensors).array());
            for (int i = first; i < end; i++) {
                write(out, heads.get(i));
                write(
                        out,
                        little(new byte[8])
                                .putLong(offsets.get(i) - offsets.get(first))
                                .array());
            }
            write(out, new byte[Math.ceilDiv(out.size(), ALIGNMENT) * ALIGNMENT - out.size()]);
            write(out, Arrays.copyOfRange(file, (int) (dataAt + offsets.get(first)), (int)
                    (dataAt + offsets.get(end))));
            Files.write(directory.resolve("%s-%05d-of-00002.gguf".formatted(name, part + 1)), out.toByteArray());
        }
    }

    private static void entry(ByteArrayOutputStream out, String key, int type) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        write(out, little(new byte[8]).putLong(bytes.length).array());
        write(out, bytes);
        write(out, little(new byte[4]).putInt(type).array());
    }

    private static void short16(ByteArrayOutputStream out, String key, int value) {
        entry(out, key, 2);
        write(out, little(new byte[2]).putShort((short) value).array());
    }

    private static void skipText(ByteBuffer in) {
        int length = (int) in.getLong();
        in.position(in.position() + length);
    }

    private static void skip(ByteBuffer in, int type) {
        switch (type) {
            case 0, 1, 7 -> in.get();
            case 2, 3 -> in.getShort();
            case 4, 5, 6 -> in.getInt();
            case 8 -> skipText(in);
            case 9 -> {
                int element = in.getInt();
                long count = in.getLong();
                for (long i = 0; i < count; i++) {
                    skip(in, element);
                }
            }
            default -> in.getLong();
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
