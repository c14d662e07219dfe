package io.shiftadd.cli.bench;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.ResidentMemory;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinearFormat;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.reparameterization.BlockReparameterizer;
import io.shiftadd.quantize.reparameterization.BlockResult;
import io.shiftadd.quantize.reparameterization.CalibrationBudget;
import io.shiftadd.quantize.reparameterization.LayerResult;
import io.shiftadd.quantize.reparameterization.Method;
import io.shiftadd.quantize.reparameterization.ProgressListener;
import io.shiftadd.quantize.reparameterization.ReparameterizationSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Time and memory that a model of a well-known shape with made-up weights takes to be reparameterized. */
@Command(
        name = "quantize",
        mixinStandardHelpOptions = true,
        description = "Reparameterizes a random model of a given shape block by block: time and peak memory.")
public final class BenchQuantizeCommand implements Callable<Integer> {

    private static final double GIB = 1 << 30;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--shape",
            defaultValue = "tinyllama-1.1b",
            description = "tinyllama-1.1b, llama-7b or opt-1.3b. Default: ${DEFAULT-VALUE}")
    String shape = "tinyllama-1.1b";

    @Option(names = "--bits", defaultValue = "2", description = "1 to 4. Default: ${DEFAULT-VALUE}")
    int bits;

    @Option(names = "--method", defaultValue = "lat", description = "lat or acc. Default: ${DEFAULT-VALUE}")
    String method = "lat";

    @Option(names = "--samples", defaultValue = "16", description = "Calibration windows. Default: ${DEFAULT-VALUE}")
    int samples;

    @Option(names = "--length", defaultValue = "512", description = "Tokens of a window. Default: ${DEFAULT-VALUE}")
    int length;

    @Option(names = "--blocks", defaultValue = "0", description = "Stop after so many; 0 for all of them.")
    int blocks;

    @Option(names = "--seed", defaultValue = "0", description = "Of weights, tokens and rotations.")
    long seed;

    @Option(names = "--threads", description = "Default: all processors.")
    int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", paramLabel = "<file>", description = "Also write the figures as JSON.")
    @Nullable
    Path json;

    @Override
    public Integer call() throws IOException {
        ModelShape wanted = ModelShape.named(shape);
        try (WorkDirectory work = WorkDirectory.create()) {
            out().println("writing random weights");
            out().flush();
            Path directory = Files.createDirectory(work.path().resolve("model"));
            new RandomModel(wanted, RandomModel.FLOAT, RandomModel.FLOAT, false, false, seed).write(directory);
            measure(directory, work.path());
        }
        return 0;
    }

    private void measure(Path directory, Path work) throws IOException {
        Checkpoint checkpoint = Checkpoint.open(directory);
        try (KernelContext context = KernelContext.create(threads);
                CausalLanguageModel model = CausalLanguageModel.of(ModelConfig.read(directory), checkpoint)) {
            ReparameterizationSettings settings = settings();
            long start = System.nanoTime();
            int[][] windows = CalibrationBudget.windows(tokens(model.config().vocabularySize()), model, settings);
            CalibrationSet calibration = CalibrationSet.create(work.resolve("states"), model, windows);
            double before = seconds(start);
            BlockReparameterizer reparameterizer = new BlockReparameterizer(model, settings, context);
            int count = blocks == 0 ? model.blockCount() : Math.min(blocks, model.blockCount());
            for (int i = 0; i < count; i++) {
                BlockResult result = block(model, i, calibration, reparameterizer, work);
                unload(model.block(i), checkpoint);
                double perBlock = (seconds(start) - before) / (i + 1);
                out().printf(
                                Locale.ROOT,
                                "block %d of %d  %.1f s  remaining %.0f s  peak memory %.2f GiB%n",
                                i + 1,
                                model.blockCount(),
                                result.seconds(),
                                perBlock * (model.blockCount() - i - 1),
                                ResidentMemory.peak() / GIB);
                out().flush();
            }
            report(count, model.blockCount(), windows.length, before, seconds(start));
        }
    }

    /** Reparameterizes a block and puts it in its file, as a job does; the next one finds the memory free. */
    private BlockResult block(
            CausalLanguageModel model,
            int index,
            CalibrationSet calibration,
            BlockReparameterizer reparameterizer,
            Path work) {
        DecoderBlock block = model.block(index);
        Map<String, Integer> bitsOfLayers = new HashMap<>();
        Map<String, LinearLayer> originals = new HashMap<>();
        for (String name : block.linearNames()) {
            bitsOfLayers.put(name, bits);
            originals.put(name, block.linear(name));
        }
        BlockResult result = reparameterizer.reparameterize(index, calibration, bitsOfLayers, ProgressListener.NONE);
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        for (LayerResult layer : result.layers()) {
            PackedLinearFormat.write(layer.layer(), layer.served(), DType.F32, writer);
        }
        writer.write(work.resolve("block-" + index + ".safetensors"));
        originals.forEach(block::replace);
        calibration.discardBefore(index + 1);
        return result;
    }

    /** What was read of the block's weights leaves memory: nobody asks for them again. */
    private static void unload(DecoderBlock block, Checkpoint checkpoint) {
        for (String name : block.linearNames()) {
            MemorySegment data = checkpoint.tensor(name + ".weight").data();
            if (data.isMapped()) {
                data.unload();
            }
        }
    }

    private void report(int done, int all, int windows, double before, double total) throws IOException {
        double whole = before + (total - before) / done * all;
        out().printf(
                        Locale.ROOT,
                        "%s %s %d bits, %d windows of %d tokens, %d threads: %d of %d blocks in %.1f s%s, peak memory %.2f GiB%n",
                        shape,
                        method,
                        bits,
                        windows,
                        length,
                        threads,
                        done,
                        all,
                        total,
                        done == all ? "" : String.format(Locale.ROOT, " (all would take about %.0f s)", whole),
                        ResidentMemory.peak() / GIB);
        out().flush();
        if (json != null) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("shape", shape);
            figures.put("method", method);
            figures.put("bits", bits);
            figures.put("windows", windows);
            figures.put("length", length);
            figures.put("threads", threads);
            figures.put("blocks_done", done);
            figures.put("blocks", all);
            figures.put("seconds", total);
            figures.put("seconds_of_all_blocks", whole);
            figures.put("peak_memory_bytes", ResidentMemory.peak());
            Files.write(json, JsonMapper.builder().build().writeValueAsBytes(figures));
        }
    }

    private int[][] tokens(int vocabulary) {
        SplittableRandom random = new SplittableRandom(seed);
        int[][] tokens = new int[samples][length];
        for (int[] window : tokens) {
            for (int i = 0; i < length; i++) {
                window[i] = random.nextInt(vocabulary);
            }
        }
        return tokens;
    }

    private ReparameterizationSettings settings() {
        Method parsed = switch (method) {
            case "acc" -> Method.ACC;
            case "lat" -> Method.LAT;
            default -> throw new CommandFailure("there is no method '" + method + "'", "Methods are acc and lat.");
        };
        return ReparameterizationSettings.of(parsed).withSeed(seed);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("picocli calls this after parsing the command line");
        }
        return spec.commandLine().getOut();
    }
}
