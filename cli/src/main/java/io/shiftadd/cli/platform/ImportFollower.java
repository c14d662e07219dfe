package io.shiftadd.cli.platform;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.Figures;
import io.shiftadd.cli.Terminal;
import io.shiftadd.cost.Quantity;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Follows a download to its end. Whoever ends the program meanwhile cancels it; what has come is kept. */
public final class ImportFollower {

    private static final long LOOK_EVERY_MILLIS = 200;
    private static final int BAR_WIDTH = 28;
    private static final int TENTHS = 10;

    private final PlatformApi registry;
    private final Terminal terminal;
    private int told = -1;

    public ImportFollower(PlatformApi registry, Terminal terminal) {
        this.registry = registry;
        this.terminal = terminal;
    }

    /**
     * @return the model
     * @throws CommandFailure when the import has failed or was cancelled
     */
    public JsonNode follow(JsonNode begun) throws InterruptedException {
        String id = begun.path("id").asString();
        Thread cancel = new Thread(() -> cancel(id), "cancel-import");
        Runtime.getRuntime().addShutdownHook(cancel);
        try {
            JsonNode now = begun;
            while (now.path("state").asString().equals("RUNNING")) {
                show(now);
                Thread.sleep(LOOK_EVERY_MILLIS);
                now = registry.importOf(id);
            }
            return ended(now);
        } finally {
            forget(cancel);
        }
    }

    private JsonNode ended(JsonNode now) throws InterruptedException {
        String repository = now.path("repository").asString();
        return switch (now.path("state").asString()) {
            case "SUCCEEDED" -> {
                terminal.line("  %s is here: %s"
                        .formatted(
                                repository, Quantity.bytes(now.path("bytesDone").asDouble(0))));
                yield registry.findModel(now.path("modelId").asString())
                        .orElseThrow(() -> new CommandFailure(
                                "the model of " + repository + " was deleted meanwhile", "Pull it again."));
            }
            case "CANCELLED" ->
                throw new CommandFailure(
                        "the download of " + repository + " was cancelled",
                        "It goes on where it was: ./shiftadd pull " + repository);
            default ->
                throw new CommandFailure(
                        "%s could not be imported: %s"
                                .formatted(repository, now.path("cause").asString("no cause given")),
                        "");
        };
    }

    private void show(JsonNode now) {
        double total = now.path("bytesTotal").asDouble(0);
        double done = now.path("bytesDone").asDouble(0);
        double share = total == 0 ? 0 : Math.min(1, done / total);
        if (terminal.live()) {
            terminal.draw(List.of(line(now, share, done, total)));
        } else if ((int) (share * TENTHS) > told) {
            told = (int) (share * TENTHS);
            terminal.line(line(now, share, done, total));
        }
    }

    private String line(JsonNode now, double share, double done, double total) {
        int full = (int) Math.round(share * BAR_WIDTH);
        String bar = terminal.green("█".repeat(full)) + terminal.faint("░".repeat(BAR_WIDTH - full));
        StringBuilder text = new StringBuilder("  %s %3.0f %%  %s".formatted(bar, share * 100, Quantity.bytes(done)));
        if (total > 0) {
            text.append(" of ").append(Quantity.bytes(total));
        }
        if (now.path("bytesPerSecond").asLong(0) > 0) {
            text.append(
                    ", %s/s".formatted(Quantity.bytes(now.path("bytesPerSecond").asDouble())));
        }
        if (now.path("secondsLeft").isNumber()) {
            text.append(", %s left"
                    .formatted(Figures.duration(now.path("secondsLeft").asDouble())));
        }
        String file = now.path("file").asString("");
        return file.isEmpty() ? text.toString() : text + "  " + terminal.faint(file);
    }

    private void cancel(String id) {
        try {
            registry.cancelImport(id);
        } catch (CommandFailure | InterruptedException e) {
            // it has ended, or the service has; the program ends anyway
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException programEnds) {
            // then the hook runs already
        }
    }
}
