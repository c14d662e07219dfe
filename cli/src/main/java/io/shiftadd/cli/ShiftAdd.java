package io.shiftadd.cli;

import io.shiftadd.cli.access.KeyCommand;
import io.shiftadd.cli.bench.BenchCommand;
import io.shiftadd.cli.chat.RunCommand;
import io.shiftadd.cli.completion.CompletionCommand;
import io.shiftadd.cli.demo.DemoCommand;
import io.shiftadd.cli.distribution.PackageCommand;
import io.shiftadd.cli.job.EvalCommand;
import io.shiftadd.cli.job.JobsCommand;
import io.shiftadd.cli.job.QuantizeCommand;
import io.shiftadd.cli.model.ListCommand;
import io.shiftadd.cli.model.PsCommand;
import io.shiftadd.cli.model.PullCommand;
import io.shiftadd.cli.model.RmCommand;
import io.shiftadd.cli.model.ShowCommand;
import io.shiftadd.cli.stack.DownCommand;
import io.shiftadd.cli.stack.LogsCommand;
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
        versionProvider = Version.class,
        description = "Replaces a language model's multiplications by shifts and adds, and runs it.",
        subcommands = {
            RunCommand.class, //
            PullCommand.class,
            QuantizeCommand.class,
            EvalCommand.class,
            ListCommand.class,
            ShowCommand.class,
            PsCommand.class,
            RmCommand.class,
            JobsCommand.class,
            KeyCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            DemoCommand.class,
            VerifyCommand.class,
            BenchCommand.class,
            PackageCommand.class,
            CompletionCommand.class
        })
public final class ShiftAdd implements Runnable {

    private static final int FAILED = 1;

    /** How remedies name the program; the launcher says what it is called where it is installed. */
    private static final String IN_CHECKOUT = "./shiftadd";

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
            case InterruptedException interrupted -> "";
            default -> throw failure;
        };
        String program = System.getenv().getOrDefault("SHIFTADD_PROGRAM", IN_CHECKOUT);
        String message = String.valueOf(failure.getMessage()).replace(IN_CHECKOUT, program);
        commandLine.getErr().println("shiftadd: " + message);
        if (!remedy.isEmpty()) {
            commandLine
                    .getErr()
                    .println("  " + remedy.replace(IN_CHECKOUT, program).replace("\n", "\n  "));
        }
        commandLine.getErr().flush();
        return FAILED;
    }
}
