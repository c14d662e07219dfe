package io.shiftadd.cli.stack;

import io.shiftadd.cli.Terminal;
import java.util.List;

/** Tells on the terminal how the stack comes up: a line for each part, and below it what is waited for. */
public final class StackReport implements StackListener {

    private final Terminal terminal;

    public StackReport(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void waiting(List<String> names, double seconds) {
        terminal.draw(List.of(terminal.faint("  waiting for %s  %.0f s".formatted(String.join(", ", names), seconds))));
    }

    @Override
    public void ready(String name, String address, double seconds) {
        String how = seconds > 0 ? "ready in %.1f s".formatted(seconds) : "running";
        terminal.line("  %s %-10s %-44s %s".formatted(terminal.green("✓"), name, address, terminal.faint(how)));
    }

    @Override
    public void note(String text) {
        terminal.line("  " + text);
    }
}
