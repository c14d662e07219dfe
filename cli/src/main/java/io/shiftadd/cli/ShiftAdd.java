package io.shiftadd.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root command; each subcommand registers itself here. Without one it prints how it is used. */
@Command(
        name = "shiftadd",
        mixinStandardHelpOptions = true,
        description = "Replaces a language model's multiplications by shifts and adds.")
public final class ShiftAdd implements Runnable {

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new ShiftAdd()).execute(args));
    }
}
