package io.shiftadd.registry.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One decoder block of a job: a bar.
 *
 * @param number the first is 1
 * @param meanBits weighted by the weights of the layers
 * @param worstError the largest output error of its layers
 * @param seconds that the block took, calibration included; null while it is not finished
 */
public record BlockRow(
        int number,
        State state,
        int layers,
        double meanBits,
        @Nullable Double worstError,
        @Nullable Double seconds) {

    /** Where a block stands. */
    public enum State {
        DONE,
        WORKING,
        WAITING
    }

    /** @param seconds of finished blocks, the first of which is 0 */
    static List<BlockRow> of(JobRow job, List<LayerRow> layers, Map<Integer, Double> seconds) {
        Map<Integer, List<LayerRow>> byBlock =
                layers.stream().collect(Collectors.groupingBy(LayerRow::block, TreeMap::new, Collectors.toList()));
        boolean working = job.state().equals("RUNNING") && "reparameterize".equals(job.stage());
        List<BlockRow> rows = new ArrayList<>();
        for (int block = 0; block < job.blockCount(); block++) {
            List<LayerRow> finished = byBlock.getOrDefault(block, List.of());
            if (block < job.blockCurrent() || !finished.isEmpty()) {
                rows.add(done(block, finished, seconds.get(block)));
            } else {
                boolean now = working && block == job.blockCurrent();
                rows.add(new BlockRow(block + 1, now ? State.WORKING : State.WAITING, 0, 0, null, null));
            }
        }
        return rows;
    }

    private static BlockRow done(int block, List<LayerRow> layers, @Nullable Double seconds) {
        long weights = layers.stream().mapToLong(LayerRow::weights).sum();
        double bits = layers.stream()
                .mapToDouble(layer -> (double) layer.bits() * layer.weights())
                .sum();
        Double worst = layers.stream()
                .map(LayerRow::outputError)
                .filter(Objects::nonNull)
                .max(Double::compare)
                .orElse(null);
        return new BlockRow(block + 1, State.DONE, layers.size(), weights == 0 ? 0 : bits / weights, worst, seconds);
    }

    public boolean done() {
        return state == State.DONE;
    }

    public boolean working() {
        return state == State.WORKING;
    }
}
