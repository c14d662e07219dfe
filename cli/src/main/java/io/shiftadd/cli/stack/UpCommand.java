package io.shiftadd.cli.stack;

import io.shiftadd.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Brings the stack up. */
@Command(name = "up", mixinStandardHelpOptions = true, description = "Starts PostgreSQL and the services.")
public final class UpCommand implements Callable<Integer> {

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.standard();
        StackSettings settings = StackSettings.of(System.getenv());
        LocalStack stack = new LocalStack(settings, new StackReport(terminal));
        stack.up();
        terminal.line("");
        terminal.line("Platform API and dashboard  " + stack.url(Service.REGISTRY));
        terminal.line("OpenAI-style API            " + stack.url(Service.INFERENCE) + "/v1");
        terminal.line("Stop it with ./shiftadd down; data stays in " + settings.dataDirectory());
        return 0;
    }
}
