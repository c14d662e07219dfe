package io.shiftadd.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.List;

/**
 * What the user sees. On a terminal the last lines can be redrawn in place; into a file or a pipe everything is written
 * once and stays.
 *
 * <p>Not thread-safe: one thread of a command writes.
 */
public final class Terminal {

    private static final String ESCAPE = "\u001b[";

    private final PrintStream out;
    private final boolean live;
    private final boolean coloured;
    private int drawnLines;

    private Terminal(PrintStream out, boolean live, boolean coloured) {
        this.out = out;
        this.live = live;
        this.coloured = coloured;
    }

    /** Standard output: live when it is a terminal that can move its cursor. */
    public static Terminal standard() {
        boolean terminal = isInteractive() && !"dumb".equals(System.getenv().getOrDefault("TERM", "dumb"));
        boolean coloured = terminal && System.getenv("NO_COLOR") == null;
        return new Terminal(System.out, terminal, coloured);
    }

    /** Standard error, for what must not get into the output that a program reads. */
    public static Terminal aside() {
        return plain(System.err);
    }

    /** Writes to the stream given as into a file. */
    public static Terminal plain(PrintStream out) {
        return new Terminal(out, false, false);
    }

    /** Whether a person sits at both ends: input and output are a terminal. */
    public static boolean isInteractive() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** Whether lines can be redrawn. */
    public boolean live() {
        return live;
    }

    /** Writes a line that stays; what was drawn before it is wiped. */
    public void line(String text) {
        wipe();
        out.println(text);
        out.flush();
    }

    /** Writes text without ending the line: for output that grows, such as a completion. */
    public void append(String text) {
        wipe();
        out.print(text);
        out.flush();
    }

    /** Replaces what was drawn last by these lines; does nothing when nothing can be redrawn. */
    public void draw(List<String> lines) {
        if (!live) {
            return;
        }
        StringBuilder frame = new StringBuilder();
        rewind(frame);
        for (String line : lines) {
            frame.append(line).append(ESCAPE).append("K\n");
        }
        frame.append(ESCAPE).append("J");
        out.print(frame);
        out.flush();
        drawnLines = lines.size();
    }

    /** Lets what is drawn stay where it is. */
    public void keep() {
        drawnLines = 0;
    }

    public String bold(String text) {
        return style("1", text);
    }

    public String faint(String text) {
        return style("2", text);
    }

    public String green(String text) {
        return style("32", text);
    }

    public String red(String text) {
        return style("31", text);
    }

    private String style(String code, String text) {
        return coloured ? ESCAPE + code + "m" + text + ESCAPE + "0m" : text;
    }

    private void wipe() {
        if (drawnLines > 0) {
            StringBuilder frame = new StringBuilder();
            rewind(frame);
            out.print(frame.append(ESCAPE).append("J"));
            drawnLines = 0;
        }
    }

    private void rewind(StringBuilder frame) {
        if (drawnLines > 0) {
            frame.append(ESCAPE).append(drawnLines).append("F");
        }
    }
}
