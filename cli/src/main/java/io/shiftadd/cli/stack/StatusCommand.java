package io.shiftadd.cli.stack;

import io.shiftadd.cli.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows what runs. The exit code is 0 when everything is ready, 3 when something is not. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows what runs; the exit code is 3 when something does not.")
public final class StatusCommand implements Callable<Integer> {

    private static final int NOT_ALL_READY = 3;

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.standard();
        List<PartStatus> parts = new LocalStack(StackSettings.of(System.getenv()), new StackReport(terminal)).status();
        for (PartStatus part : parts) {
            String pid = part.process().map(process -> "pid " + process.pid()).orElse("");
            String state = part.state().toString();
            String padded = " ".repeat(Math.max(0, 10 - state.length()));
            terminal.line("  %-10s %s%s %-44s %s"
                    .formatted(part.name(), coloured(terminal, part.state()), padded, part.address(), pid));
        }
        boolean allReady = parts.stream().allMatch(PartStatus::isReady);
        if (!allReady) {
            terminal.line("Start what is missing with: ./shiftadd up");
        }
        return allReady ? 0 : NOT_ALL_READY;
    }

    private static String coloured(Terminal terminal, PartStatus.State state) {
        return switch (state) {
            case READY, EXTERNAL -> terminal.green(state.toString());
            case NOT_READY, DOWN -> terminal.red(state.toString());
        };
    }
}
