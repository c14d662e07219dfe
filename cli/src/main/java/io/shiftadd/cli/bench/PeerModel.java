package io.shiftadd.cli.bench;

import io.shiftadd.cli.bench.ModelShape.Linear;
import io.shiftadd.cli.bench.PeerFormat.Type;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A GGUF file of a given shape with made-up weights, for llama.cpp: its counterpart of {@link RandomModel}. */
record PeerModel(ModelShape shape, PeerFormat format) {

    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;
    private static final int BUFFER_BLOCKS = 4096;

    /** float16, 2^−12: products of three weights' parts stay near one. */
    private static final short SCALE = 0x0C00;

    // Types of metadata.
    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    private static final int NORMAL_TOKEN = 1;
    private static final int UNKNOWN_TOKEN = 2;
    private static final int BYTE_TOKEN = 6;
    private static final int BYTES = 256;

    private static final Map<String, String> NAMES = Map.of(
            "self_attn.q_proj", "attn_q",
            "self_attn.k_proj", "attn_k",
            "self_attn.v_proj", "attn_v",
            "self_attn.o_proj", "attn_output",
            "mlp.gate_proj", "ffn_gate",
            "mlp.up_proj", "ffn_up",
            "mlp.down_proj", "ffn_down");

    private record Tensor(String name, Type type, int inputs, int outputs) {
        long bytes() {
            return type.bytes((long) inputs * outputs);
        }
    }

    void write(Path file) throws IOException {
        List<Tensor> tensors = tensors();
        Bytes head = new Bytes();
        int entries = metadata(new Bytes()).entries;
        head.text("GGUF").int32(VERSION).int64(tensors.size()).int64(entries);
        metadata(head);
        long offset = 0;
        for (Tensor tensor : tensors) {
            int dimensions = tensor.outputs == 1 ? 1 : 2;
            head.string(tensor.name).int32(dimensions).int64(tensor.inputs);
            if (dimensions == 2) {
                head.int64(tensor.outputs);
            }
            head.int32(tensor.type.id()).int64(offset);
            offset += aligned(tensor.bytes());
        }
        SplittableRandom random = new SplittableRandom(7);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            head.padTo(ALIGNMENT).writeTo(out);
            for (Tensor tensor : tensors) {
                write(tensor, random, out);
                out.write(new byte[(int) (aligned(tensor.bytes()) - tensor.bytes())]);
            }
        }
    }

    private List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        int hidden = shape.hidden();
        tensors.add(new Tensor("token_embd.weight", format.embedding(), hidden, shape.vocabulary()));
        tensors.add(new Tensor("output.weight", format.head(), hidden, shape.vocabulary()));
        tensors.add(new Tensor("output_norm.weight", Type.F32, hidden, 1));
        for (int i = 0; i < shape.layers(); i++) {
            String block = "blk." + i + ".";
            tensors.add(new Tensor(block + "attn_norm.weight", Type.F32, hidden, 1));
            tensors.add(new Tensor(block + "ffn_norm.weight", Type.F32, hidden, 1));
            for (Linear linear : shape.linears()) {
                String name = block + NAMES.get(linear.name()) + ".weight";
                tensors.add(new Tensor(name, format.of(linear.name()), linear.inputs(), linear.outputs()));
            }
        }
        return tensors;
    }

    private Bytes metadata(Bytes out) {
        out.entry("general.architecture", STRING).string("llama");
        out.number("llama.vocab_size", shape.vocabulary());
        out.number("llama.context_length", shape.context());
        out.number("llama.embedding_length", shape.hidden());
        out.number("llama.block_count", shape.layers());
        out.number("llama.feed_forward_length", shape.inner());
        out.number("llama.attention.head_count", shape.heads());
        out.number("llama.attention.head_count_kv", shape.kvHeads());
        out.number("llama.rope.dimension_count", shape.hidden() / shape.heads());
        out.entry("llama.attention.layer_norm_rms_epsilon", FLOAT32).float32(1e-5f);
        out.entry("tokenizer.ggml.model", STRING).string("llama");
        out.entry("tokenizer.ggml.tokens", ARRAY).int32(STRING).int64(shape.vocabulary());
        for (int i = 0; i < shape.vocabulary(); i++) {
            out.string(token(i));
        }
        out.entry("tokenizer.ggml.scores", ARRAY).int32(FLOAT32).int64(shape.vocabulary());
        for (int i = 0; i < shape.vocabulary(); i++) {
            out.float32(-i);
        }
        out.entry("tokenizer.ggml.token_type", ARRAY).int32(INT32).int64(shape.vocabulary());
        for (int i = 0; i < shape.vocabulary(); i++) {
            out.int32(i == 0 ? UNKNOWN_TOKEN : i <= BYTES ? BYTE_TOKEN : NORMAL_TOKEN);
        }
        return out;
    }

    /** It reads no text, but loads no model without a vocabulary: an unknown token, bytes, and names. */
    private static String token(int id) {
        if (id == 0) {
            return "<unk>";
        }
        return id <= BYTES ? "<0x%02X>".formatted(id - 1) : "t" + id;
    }

    private static void write(Tensor tensor, SplittableRandom random, OutputStream out) throws IOException {
        if (tensor.type == Type.F32) {
            Bytes ones = new Bytes();
            for (int i = 0; i < tensor.inputs; i++) {
                ones.float32(1);
            }
            ones.writeTo(out);
            return;
        }
        long left = tensor.bytes() / tensor.type.blockBytes();
        byte[] buffer = new byte[BUFFER_BLOCKS * tensor.type.blockBytes()];
        for (; left > 0; left -= BUFFER_BLOCKS) {
            random.nextBytes(buffer);
            ByteBuffer blocks = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < BUFFER_BLOCKS; i++) {
                for (int scale = 0; scale < tensor.type.scales(); scale++) {
                    int at = i * tensor.type.blockBytes() + tensor.type.scaleAt() + scale * Short.BYTES;
                    blocks.putShort(at, SCALE);
                }
            }
            out.write(buffer, 0, (int) Math.min(left, BUFFER_BLOCKS) * tensor.type.blockBytes());
        }
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }

    /** Little-endian numbers and strings with their lengths. */
    private static final class Bytes {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int entries;

        Bytes entry(String key, int type) {
            entries++;
            return string(key).int32(type);
        }

        void number(String key, int value) {
            entry(key, UINT32).int32(value);
        }

        Bytes int32(int value) {
            return write(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(value));
        }

        Bytes int64(long value) {
            return write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value));
        }

        Bytes float32(float value) {
            return int32(Float.floatToRawIntBits(value));
        }

        Bytes string(String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            return int64(utf8.length).write(ByteBuffer.wrap(utf8));
        }

        Bytes text(String value) {
            return write(ByteBuffer.wrap(value.getBytes(StandardCharsets.US_ASCII)));
        }

        Bytes padTo(int multiple) {
            return write(ByteBuffer.allocate(Math.ceilDiv(bytes.size(), multiple) * multiple - bytes.size()));
        }

        void writeTo(OutputStream target) throws IOException {
            bytes.writeTo(target);
        }

        private Bytes write(ByteBuffer value) {
            bytes.writeBytes(value.array());
            return this;
        }
    }
}
