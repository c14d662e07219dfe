package io.shiftadd.cli;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.Verification;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Proves that the forward pass computes what a reference implementation does. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Compares a model's logits and greedy tokens with those of a reference.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:within the limit",
            "1:a relative difference (max |difference| / max |reference|) is above 1e-4, or a greedy token differs",
            "2:the model or the reference cannot be read"
        })
public final class VerifyCommand implements Callable<Integer> {

    private static final double LIMIT = 1e-4;
    private static final int DIFFERENT = 1;
    private static final int UNREADABLE = 2;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "<directory>", description = "Model directory (Hugging Face or published).")
    @Nullable
    Path model;

    @Parameters(
            index = "1",
            paramLabel = "<reference.safetensors>",
            description = "input_ids.i, logits.i and perhaps greedy.")
    @Nullable
    Path reference;

    @Option(names = "--threads", paramLabel = "<n>", description = "Default: all processors.")
    int threads = Runtime.getRuntime().availableProcessors();

    @Override
    public Integer call() {
        if (spec == null || model == null || reference == null) {
            throw new IllegalStateException("picocli calls this after parsing the command line");
        }
        PrintWriter out = spec.commandLine().getOut();
        MemoryFigures.Meter memory = MemoryFigures.Meter.start();
        try (CausalLanguageModel opened = CausalLanguageModel.open(model);
                Checkpoint expected = Checkpoint.open(reference);
                KernelContext context = KernelContext.create(threads)) {
            Verification.Report report = Verification.run(opened, expected, context);
            MemoryFigures figures = memory.read(model);
            print(report, out);
            out.println(figures);
            out.flush();
            return isWithin(report) ? 0 : DIFFERENT;
        } catch (FormatException | UncheckedIOException e) {
            spec.commandLine().getErr().println("verify: " + e.getMessage());
            return UNREADABLE;
        }
    }

    private static void print(Verification.Report report, PrintWriter out) {
        out.printf("%5s %7s %13s %13s %9s%n", "input", "tokens", "max |diff|", "relative", "top-1");
        for (Verification.Comparison c : report.comparisons()) {
            out.printf(
                    Locale.ROOT,
                    "%5d %7d %13.3e %13.3e %8.2f%%%n",
                    c.index(),
                    c.tokens(),
                    c.maxAbsolute(),
                    c.maxRelative(),
                    100 * c.topOneAgreement());
        }
        out.println(report.greedy()
                .map(greedy -> greedy.complete()
                        ? "greedy: all " + greedy.tokens() + " tokens reproduced"
                        : "greedy: differs at token " + (greedy.reproduced() + 1) + " of " + greedy.tokens())
                .orElse("greedy: not in the reference"));
        out.printf(
                Locale.ROOT,
                "largest relative difference %.3e, limit %.0e: %s%n",
                report.maxRelative(),
                LIMIT,
                isWithin(report) ? "ok" : "FAILED");
    }

    private static boolean isWithin(Verification.Report report) {
        return report.maxRelative() <= LIMIT
                && report.greedy().map(Verification.GreedyDecoding::complete).orElse(true);
    }
}
