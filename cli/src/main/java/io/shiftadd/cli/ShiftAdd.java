package io.shiftadd.cli;

import io.shiftadd.cli.access.KeyCommand;
import io.shiftadd.cli.bench.BenchCommand;
import io.shiftadd.cli.chat.RunCommand;
import io.shiftadd.cli.completion.CompletionCommand;
import io.shiftadd.cli.demo.DemoCommand;
import io.shiftadd.cli.distribution.PackageCommand;
import io.shiftadd.cli.export.ExportCommand;
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
import io.shiftadd.format.FormatException;
import io.shiftadd.postgres.PostgresException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
            ExportCommand.class,
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
        CommandFailure told = told(failure).orElse(null);
        if (told == null) {
            throw failure;
        }
        String program = System.getenv().getOrDefault("SHIFTADD_PROGRAM", IN_CHECKOUT);
        String message = String.valueOf(told.getMessage()).replace(IN_CHECKOUT, program);
        String remedy = told.remedy();
        commandLine.getErr().println("shiftadd: " + message);
        if (!remedy.isEmpty()) {
            commandLine
                    .getErr()
                    .println("  " + remedy.replace(IN_CHECKOUT, program).replace("\n", "\n  "));
        }
        commandLine.getErr().flush();
        return FAILED;
    }

    /** What a user can do something about; empty for a mistake of this program, whose stack trace is wanted. */
    private static Optional<CommandFailure> told(@Nullable Exception failure) {
        return Optional.ofNullable(
                switch (failure) {
                    case CommandFailure known -> known;
                    // These say what, where, the limit and what helps by themselves.
                    case FormatException format -> said(format);
                    case PostgresException postgres -> said(postgres);
                    case InterruptedException interrupted -> said(interrupted);
                    case UncheckedIOException file -> told(file.getCause()).orElse(null);
                    case NoSuchFileException missing ->
                        new CommandFailure(missing.getFile() + " does not exist", "Name one that does.", missing);
                    case AccessDeniedException denied ->
                        new CommandFailure(
                                denied.getFile() + " may not be used", "See whose it is, and who may read it.", denied);
                    case null, default -> null;
                });
    }

    private static CommandFailure said(Exception failure) {
        return new CommandFailure(String.valueOf(failure.getMessage()), "", failure);
    }
}
