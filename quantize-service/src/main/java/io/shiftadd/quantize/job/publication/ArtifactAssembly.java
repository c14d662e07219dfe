package io.shiftadd.quantize.job.publication;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.MatrixRows;
import io.shiftadd.format.ModelJson;
import io.shiftadd.format.TensorType;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.model.family.Family;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.quantize.artifact.DurableFiles;
import io.shiftadd.quantize.job.step.PackedBlocks;
import io.shiftadd.quantize.reparameterization.HeadReparameterizer;
import io.shiftadd.tokenizer.GgufConversion;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts the artifact together: config.json with what was done to the model, the tokenizer's files as they are, and one
 * model.safetensors in which the packed layers stand for the original ones. The same job always gives the same bytes,
 * so nothing of when, where and by whom goes in.
 */
final class ArtifactAssembly {

    static final String MODEL_FILE = "model.safetensors";
    static final String CONFIG_FILE = "config.json";

    /** Weights in any form, and what the artifact has of its own. */
    private static final Pattern LEFT_OUT = Pattern.compile(
            "config\\.json|manifest\\.json|(?i:readme\\.md)|.*\\.(safetensors|safetensors\\.index\\.json|bin|bin\\.index\\.json|pt|pth|gguf|h5"
                    + "|msgpack|onnx)|\\..*");

    private final JsonMapper json;

    ArtifactAssembly(JsonMapper json) {
        this.json = json;
    }

    /**
     * @param source the original model's directory, or its GGUF file
     * @param packedBlocks files of {@link PackedBlocks}, and of norms that were tuned
     * @param layers names of the layers that they replace
     * @param quantization goes into config.json
     * @param staged made anew
     */
    void assemble(Path source, List<Path> packedBlocks, Set<String> layers, Map<String, ?> quantization, Path staged)
            throws IOException {
        DurableFiles.deleteTree(staged);
        Files.createDirectories(staged);
        Map<String, byte[]> converted = GgufConversion.files(source);
        byte[] config = converted.get(CONFIG_FILE);
        writeConfig(
                config == null ? Files.readAllBytes(source.resolve(CONFIG_FILE)) : config,
                quantization,
                staged.resolve(CONFIG_FILE));
        if (Files.isDirectory(source)) {
            copyOthers(source, converted.keySet(), staged);
        }
        writeConverted(converted, staged);
        writeModel(source, packedBlocks, layers, staged.resolve(MODEL_FILE));
    }

    /** What a GGUF file has in it, the artifact has as the files that it was before. */
    private static void writeConverted(Map<String, byte[]> converted, Path staged) throws IOException {
        for (Map.Entry<String, byte[]> file : converted.entrySet()) {
            if (!file.getKey().equals(CONFIG_FILE)) {
                Files.write(staged.resolve(file.getKey()), file.getValue());
            }
        }
    }

    private void writeConfig(byte[] original, Map<String, ?> quantization, Path target) throws IOException {
        ObjectNode config = (ObjectNode) ModelJson.parse(original, CONFIG_FILE);
        config.set("quantization_config", json.valueToTree(quantization));
        Files.writeString(target, ModelJson.writeIndented(config) + "\n");
    }

    private static void copyOthers(Path source, Set<String> converted, Path staged) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(source)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (Files.isRegularFile(file) && !LEFT_OUT.matcher(name).matches() && !converted.contains(name)) {
                    Files.copy(file, staged.resolve(name));
                    staged.resolve(name).toFile().setWritable(true, true);
                }
            }
        }
    }

    /** Quantized matrices, which only GGUF files have, become float16, whose rounding is far below their own. */
    private static void add(String name, Checkpoint original, SafetensorsWriter writer) {
        TensorType type = original.type(name);
        MatrixRows rows = type.shape().length == 2 ? original.rows(name) : null;
        if (rows != null && rows.inPlace().isEmpty() && rows.bytes() < type.byteSize()) {
            writer.add(rows, DType.F16);
        } else {
            writer.add(original.tensor(name));
        }
    }

    private static void writeModel(Path source, List<Path> packedBlocks, Set<String> layers, Path target) {
        List<Checkpoint> open = new ArrayList<>();
        try {
            Checkpoint original = Checkpoint.open(source);
            open.add(original);
            SafetensorsWriter writer = new SafetensorsWriter(Map.of("format", "shiftadd"));
            Set<String> replaced = new HashSet<>();
            for (String layer : layers) {
                replaced.add(layer + ".weight");
                replaced.add(layer + ".bias");
                replaced.add(layer + ".weight_scale");
            }
            if (layers.contains(HeadReparameterizer.NAME)) {
                Family family = ModelConfig.read(source).family();
                // in a tied model the head's matrix may be where the embedding is read from
                if (original.names().stream().anyMatch(family::isEmbedding)) {
                    original.names().stream().filter(family::isHead).forEach(replaced::add);
                }
            }
            List<Checkpoint> others = new ArrayList<>();
            for (Path file : packedBlocks) {
                Checkpoint packed = Checkpoint.open(file);
                open.add(packed);
                others.add(packed);
                // Norms that were tuned have the names that they had.
                replaced.addAll(packed.names());
            }
            original.names().stream()
                    .filter(name -> !replaced.contains(name))
                    .forEach(name -> add(name, original, writer));
            for (Checkpoint packed : others) {
                packed.names().forEach(name -> writer.add(packed.tensor(name)));
            }
            writer.write(target);
        } finally {
            open.forEach(Checkpoint::close);
        }
    }
}
