package io.shiftadd.cli.export;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.format.CheckpointLocation;
import io.shiftadd.format.DType;
import io.shiftadd.format.FloatTensor;
import io.shiftadd.format.ModelJson;
import io.shiftadd.format.contents.ModelContents;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.model.expansion.ExpandedModel;
import io.shiftadd.tokenizer.GgufConversion;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model's files in another place and perhaps another form. All are written aside and moved at the end, so that what
 * is at the target is complete.
 *
 * @param source a model directory or GGUF file
 * @param name of the model, which a GGUF file is named after
 */
record ModelExport(Path source, String name) {

    private static final String CONFIG = "config.json";
    private static final Pattern LICENSE = Pattern.compile("(?i)(licen[sc]e|copying|notice)([._-].*)?");

    /** @return the directory, or the GGUF file in it */
    Path write(ExportFormat format, Path target) throws IOException {
        requireEmpty(target);
        Path aside = target.toAbsolutePath()
                .normalize()
                .resolveSibling(target.toAbsolutePath().normalize().getFileName() + ".part");
        remove(aside);
        Files.createDirectories(aside);
        try {
            switch (format) {
                case ARTIFACT -> copyAll(aside);
                case SAFETENSORS -> safetensors(aside);
                case GGUF_F16, GGUF_Q8_0 -> new GgufExport(source, name).write(format, aside.resolve(name + ".gguf"));
            }
            Files.deleteIfExists(target);
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            remove(aside);
        }
        return format.matrices().isPresent() ? target.resolve(name + ".gguf") : target;
    }

    private static void requireEmpty(Path target) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        boolean empty = Files.isDirectory(target);
        if (empty) {
            try (Stream<Path> files = Files.list(target)) {
                empty = files.findAny().isEmpty();
            }
        }
        if (!empty) {
            throw new CommandFailure(target + " is there and not empty", "Name a directory that is not there yet.");
        }
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void copyAll(Path target) throws IOException {
        if (Files.isRegularFile(source)) {
            for (Path part : ModelContents.files(source)) {
                Files.copy(part, target.resolve(part.getFileName()));
            }
            return;
        }
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = target.resolve(source.relativize(file).toString());
                Files.createDirectories(copy.resolveSibling(""));
                Files.copy(file, copy);
                copy.toFile().setWritable(true, true);
            }
        }
    }

    private void safetensors(Path target) throws IOException {
        Map<String, byte[]> converted = GgufConversion.files(source);
        for (Map.Entry<String, byte[]> file : converted.entrySet()) {
            Files.write(target.resolve(file.getKey()), file.getValue());
        }
        copyOthers(target, converted);
        try (ExpandedModel model = ExpandedModel.open(source)) {
            if (!model.others().isEmpty()) {
                throw new CommandFailure(
                        name + " has weights in a form of its own: "
                                + model.others().getFirst(),
                        "Export it as it is: --format artifact");
            }
            DType type = model.needsFloat32() ? DType.F32 : DType.F16;
            writeConfig(converted.get(CONFIG), model, type, target.resolve(CONFIG));
            SafetensorsWriter writer = new SafetensorsWriter(Map.of("format", "pt"));
            model.tensors().forEach(tensor -> add(tensor, type, writer));
            writer.write(target.resolve("model.safetensors"));
        }
    }

    private static void add(FloatTensor tensor, DType type, SafetensorsWriter writer) {
        writer.add(tensor.name(), type, tensor.shape(), sink -> {
            float[] row = new float[tensor.rowLength()];
            for (long i = 0; i < tensor.rowCount(); i++) {
                tensor.rows().read(i, row);
                sink.writeFloats(row, 0, row.length);
            }
        });
    }

    /** What was packed is not any more, and a head that was packed is no embedding any more. */
    private void writeConfig(byte @Nullable [] converted, ExpandedModel model, DType type, Path target)
            throws IOException {
        byte[] original = converted == null ? Files.readAllBytes(source.resolve(CONFIG)) : converted;
        ObjectNode config = (ObjectNode) ModelJson.parse(original, CONFIG);
        config.remove("quantization_config");
        config.put(config.has("torch_dtype") ? "torch_dtype" : "dtype", type == DType.F32 ? "float32" : "float16");
        if (model.hasHead() && model.config().tiedEmbeddings()) {
            config.put("tie_word_embeddings", false);
        }
        Files.writeString(target, ModelJson.writeIndented(config) + "\n");
    }

    /** The tokenizer's files and the licence: whatever is read of a model, but for its weights. */
    private void copyOthers(Path target, Map<String, byte[]> converted) throws IOException {
        if (Files.isRegularFile(source)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(source, Files::isRegularFile)) {
            for (Path file : files) {
                String named = String.valueOf(file.getFileName());
                boolean kept =
                        ModelContents.isRead(named) || LICENSE.matcher(named).matches();
                if (kept && !isWeights(named) && !converted.containsKey(named) && !named.equals(CONFIG)) {
                    Files.copy(file, target.resolve(named));
                    target.resolve(named).toFile().setWritable(true, true);
                }
            }
        }
    }

    private static boolean isWeights(String name) {
        return List.of(".safetensors", ".safetensors.index.json", ".gguf").stream()
                        .anyMatch(name::endsWith)
                || CheckpointLocation.isPickledWeights(name);
    }
}
