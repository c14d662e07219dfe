package io.shiftadd.cli.stack;

import io.shiftadd.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Brings the stack up. */
@Command(name = "up", mixinStandardHelpOptions = true, description = "Starts PostgreSQL and the services.")
public final class UpCommand implements Callable<Integer> {

    @Option(
            names = "--motion",
            description = "Starts the motion-service, too: a simulated robot that does what is said.")
    boolean motion;

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.standard();
        StackSettings settings = StackSettings.of(System.getenv());
        LocalStack stack = new LocalStack(settings, new StackReport(terminal));
        if (motion) {
            stack.up(Service.MOTION);
        } else {
            stack.up();
        }
        terminal.line("");
        terminal.line("Platform API and dashboard  " + stack.url(Service.REGISTRY));
        terminal.line("OpenAI-style API            " + stack.url(Service.INFERENCE) + "/v1");
        if (motion) {
            terminal.line("Robot                       " + stack.url(Service.MOTION) + "/motion");
        }
        terminal.line("Stop it with ./shiftadd down; data stays in " + settings.dataDirectory());
        return 0;
    }
}
