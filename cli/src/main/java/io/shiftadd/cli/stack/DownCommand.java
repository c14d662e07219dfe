package io.shiftadd.cli.stack;

import io.shiftadd.cli.Terminal;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Takes the stack down. */
@Command(name = "down", mixinStandardHelpOptions = true, description = "Stops the services and PostgreSQL; data stays.")
public final class DownCommand implements Callable<Integer> {

    @Override
    public Integer call() throws IOException {
        Terminal terminal = Terminal.standard();
        new LocalStack(StackSettings.of(System.getenv()), new StackReport(terminal)).down();
        terminal.line("Everything is down.");
        return 0;
    }
}
