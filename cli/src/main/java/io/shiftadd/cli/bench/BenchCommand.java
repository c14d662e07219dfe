package io.shiftadd.cli.bench;

import io.shiftadd.cli.bench.motion.BenchMotionCommand;
import io.shiftadd.cli.bench.service.BenchPrefixCommand;
import io.shiftadd.cli.bench.service.BenchServeCommand;
import io.shiftadd.cli.bench.service.BenchSpeculationCommand;
import io.shiftadd.cli.bench.siege.BenchSiegeCommand;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The measurements. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures accuracy and speed.",
        subcommands = {
            BenchAccuracyCommand.class,
            BenchDecodeCommand.class,
            BenchMemoryCommand.class,
            BenchMotionCommand.class,
            BenchPeersCommand.class,
            BenchPlanesCommand.class,
            BenchQuantizeCommand.class,
            BenchServeCommand.class,
            BenchSiegeCommand.class,
            BenchPrefixCommand.class,
            BenchSpeculationCommand.class,
            BenchTablesCommand.class,
            BenchVisionCommand.class
        })
public final class BenchCommand implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }
}
