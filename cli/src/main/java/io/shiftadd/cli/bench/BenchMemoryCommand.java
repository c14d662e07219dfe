package io.shiftadd.cli.bench;

import io.shiftadd.cli.MemoryFigures;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.KvCache;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Memory of the float forward pass. A tiny model runs first, so that what the JVM and the native libraries take is not
 * counted; then the most that is resident while the measured one is opened, computes a prompt and decodes.
 */
@Command(
        name = "memory",
        mixinStandardHelpOptions = true,
        description = "Measures the peak memory of the forward pass over float16 weights against the size of the file.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:at most the size of the file and 20 %", "1:more"})
public final class BenchMemoryCommand implements Callable<Integer> {

    private static final double LIMIT = 1.2;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--shape", defaultValue = "llama-170m", description = "Default: ${DEFAULT-VALUE}, 337 MB.")
    String shape = "llama-170m";

    @Option(names = "--threads", description = "Default: all processors.")
    int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--prompt", defaultValue = "128", description = "Tokens of the prompt. Default: ${DEFAULT-VALUE}")
    int prompt;

    @Option(names = "--tokens", defaultValue = "16", description = "Decoded after it. Default: ${DEFAULT-VALUE}")
    int tokens;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("picocli calls this after parsing the command line");
        }
        PrintWriter out = spec.commandLine().getOut();
        measure("tiny");
        MemoryFigures figures = measure(shape);
        out.println(shape + " in float16, " + prompt + " tokens of prompt, " + tokens + " decoded, " + threads
                + " threads");
        out.println(figures);
        out.flush();
        return figures.ratio() <= LIMIT ? 0 : 1;
    }

    private MemoryFigures measure(String label) throws IOException {
        try (WorkDirectory work = WorkDirectory.create()) {
            Path directory = work.path();
            ModelShape known = ModelShape.named(label);
            new RandomModel(known, RandomModel.FLOAT, RandomModel.FLOAT, false, false, 0).write(directory);
            MemoryFigures.Meter meter = MemoryFigures.Meter.start();
            try (CausalLanguageModel model = CausalLanguageModel.open(directory);
                    KernelContext context = KernelContext.create(threads)) {
                new DecodeRun(model, context, KvCache.Precision.FLOAT32, prompt, 1).run(tokens);
                return meter.read(directory);
            }
        }
    }
}
