package io.shiftadd.cli.bench.siege;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Requests that come at a steady pace, whether or not those before are answered, as of many people who know nothing of
 * each other. Half ask for a few tokens, half for the service's health.
 */
final class HonestLoad {

    private static final int OK = 200;
    private static final int TOKENS = 8;

    private final Target target;
    private final long pauseMillis;

    HonestLoad(Target target, long pauseMillis) {
        this.target = target;
        this.pauseMillis = pauseMillis;
    }

    /**
     * What they got.
     *
     * @param millis of the answered ones, sorted
     * @param lost why some were not answered well
     */
    record Outcome(double[] millis, List<String> lost) {

        /** The smallest that at least this part of all does not exceed. */
        double quantile(double part) {
            return millis.length == 0
                    ? Double.POSITIVE_INFINITY
                    : millis[Math.clamp((int) Math.ceil(part * millis.length) - 1, 0, millis.length - 1)];
        }
    }

    /** Goes on for so long, and waits for the last answers. */
    Outcome run(double seconds) throws InterruptedException {
        List<Double> millis = new ArrayList<>();
        List<String> lost = new ArrayList<>();
        try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            long end = System.nanoTime() + (long) (seconds * 1e9);
            for (int i = 0; System.nanoTime() < end; i++) {
                int number = i;
                people.execute(() -> ask(number, millis, lost));
                Thread.sleep(pauseMillis);
            }
        }
        return new Outcome(
                millis.stream().mapToDouble(Double::doubleValue).sorted().toArray(), List.copyOf(lost));
    }

    private void ask(int number, List<Double> millis, List<String> lost) {
        long start = System.nanoTime();
        String failure;
        try {
            int status = number % 2 == 0
                    ? target.post(
                            target.inference(),
                            "/v1/completions",
                            Map.of("model", target.model(), "prompt", number + " days ago", "max_tokens", TOKENS))
                    : target.get(target.inference(), "/health").contains("ok") ? OK : 0;
            failure = status == OK ? "" : "status " + status;
        } catch (IOException e) {
            failure = e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = "interrupted";
        }
        double taken = (System.nanoTime() - start) / 1e6;
        synchronized (millis) {
            if (failure.isEmpty()) {
                millis.add(taken);
            } else {
                lost.add(failure);
            }
        }
    }
}
