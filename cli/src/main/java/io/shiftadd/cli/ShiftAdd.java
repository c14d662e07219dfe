package io.shiftadd.cli;

import io.shiftadd.cli.bench.BenchCommand;
import io.shiftadd.cli.demo.DemoCommand;
import io.shiftadd.cli.stack.DownCommand;
import io.shiftadd.cli.stack.StatusCommand;
import io.shiftadd.cli.stack.UpCommand;
import io.shiftadd.postgres.PostgresException;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The root command. A new command is a class with {@code @Command} in the package of its feature, named in the list
 * below; a failure the user can do something about leaves it as {@link CommandFailure}.
 */
@Command(
        name = "shiftadd",
        mixinStandardHelpOptions = true,
        description = "Replaces a language model's multiplications by shifts and adds.",
        subcommands = {
            UpCommand.class, //
            DownCommand.class,
            StatusCommand.class,
            DemoCommand.class,
            VerifyCommand.class,
            BenchCommand.class
        })
public final class ShiftAdd implements Runnable {

    private static final int FAILED = 1;

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    public static void main(String[] args) {
        // Figures look the same on every machine, as in the documentation.
        Locale.setDefault(Locale.ROOT);
        System.exit(commandLine().execute(args));
    }

    /** The command line as {@link #main} runs it. */
    public static CommandLine commandLine() {
        return new CommandLine(new ShiftAdd()).setExecutionExceptionHandler(ShiftAdd::explain);
    }

    private static int explain(Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed)
            throws Exception {
        String remedy = switch (failure) {
            case CommandFailure known -> known.remedy();
            case PostgresException postgres -> "";
            default -> throw failure;
        };
        commandLine.getErr().println("shiftadd: " + failure.getMessage());
        if (!remedy.isEmpty()) {
            commandLine.getErr().println("  " + remedy.replace("\n", "\n  "));
        }
        commandLine.getErr().flush();
        return FAILED;
    }
}
