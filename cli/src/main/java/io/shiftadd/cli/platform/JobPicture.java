package io.shiftadd.cli.platform;

import io.shiftadd.cli.Terminal;
import io.shiftadd.cost.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What a job looks like on the terminal: a bar for each decoder block, and a line that says what is going on. */
final class JobPicture {

    private static final int BAR_WIDTH = 28;
    private static final int PERCENT = 100;

    /** Layers of a block, for the first one; after that the finished block tells. */
    private int layersOfABlock;

    private final Terminal terminal;
    private final Map<Integer, Block> blocks = new TreeMap<>();
    private int finishedTold;
    private String stageTold = "";

    private static final class Block {
        int layers;
        double weights;
        double bits;
        double outputError;
        double seconds = Double.NaN;
    }

    /** @param layersOfABlock how many linear layers a block probably has */
    JobPicture(Terminal terminal, int layersOfABlock) {
        this.terminal = terminal;
        this.layersOfABlock = layersOfABlock;
    }

    /**
     * Takes in the layers that are finished, as the platform API lists them.
     *
     * @param finished the blocks that are, with the seconds of each
     */
    void layers(JsonNode layers, JsonNode finished) {
        blocks.clear();
        for (JsonNode layer : layers) {
            Block block = blocks.computeIfAbsent(layer.path("block").asInt(), number -> new Block());
            block.layers++;
            double weights =
                    layer.path("inputs").asDouble(0) * layer.path("outputs").asDouble(0);
            block.weights += weights;
            block.bits += weights * layer.path("bits").asDouble(0);
            block.outputError =
                    Math.max(block.outputError, layer.path("outputError").asDouble(0));
        }
        for (JsonNode block : finished) {
            blocks.computeIfAbsent(block.path("block").asInt(), _ -> new Block()).seconds =
                    block.path("seconds").asDouble();
        }
    }

    /** Shows the job as it is now; where nothing can be redrawn, a line for each thing that is new. */
    void show(JsonNode job) {
        int count = job.path("blockCount").asInt(0);
        int finished = job.path("blockCurrent").asInt(0);
        Block first = blocks.get(0);
        if (finished > 0 && first != null) {
            layersOfABlock = first.layers;
        }
        if (terminal.live()) {
            List<String> lines = new ArrayList<>();
            for (int block = 0; block < count; block++) {
                lines.add(line(block, count, block < finished));
            }
            lines.add(summary(job));
            terminal.draw(lines);
        } else {
            tell(job, count, finished);
        }
    }

    private void tell(JsonNode job, int count, int finished) {
        String stage = job.path("stage").asString("");
        if (finishedTold == 0) {
            tellStage(stage);
        }
        while (finishedTold < finished) {
            terminal.line(line(finishedTold, count, true));
            finishedTold++;
        }
        tellStage(stage);
    }

    private void tellStage(String stage) {
        if (!stage.isEmpty() && !stage.equals(stageTold)) {
            terminal.line("  " + stage);
            stageTold = stage;
        }
    }

    private String line(int block, int count, boolean finished) {
        Block state = blocks.getOrDefault(block, new Block());
        double share = finished ? 1 : Math.min(1, state.layers / (double) layersOfABlock);
        int full = (int) Math.round(share * BAR_WIDTH);
        String bar = terminal.green("█".repeat(full)) + terminal.faint("░".repeat(BAR_WIDTH - full));
        String detail = state.layers == 0
                ? ""
                : "%d layers, %s bits, output error ≤ %.3f%s"
                        .formatted(
                                state.layers,
                                Quantity.bits(state.bits / state.weights),
                                state.outputError,
                                Double.isNaN(state.seconds) ? "" : ", " + Quantity.seconds(state.seconds));
        return "  block %d/%d %s %s".formatted(block + 1, count, bar, terminal.faint(detail));
    }

    private String summary(JsonNode job) {
        String stage = job.path("stage").asString(job.path("state").asString("").toLowerCase(java.util.Locale.ROOT));
        StringBuilder text = new StringBuilder(
                "  %3.0f %%  %s".formatted(job.path("progress").asDouble(0) * PERCENT, stage));
        if (job.path("etaSeconds").isNumber()) {
            text.append(", about %.0f s left".formatted(job.path("etaSeconds").asDouble()));
        }
        if (job.path("heartbeatLost").asBoolean(false)) {
            text.append(terminal.red(", the worker has not been heard of; another one takes over"));
        }
        return text.toString();
    }
}
