package io.shiftadd.cli.bench.siege;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a service holds, as it tells itself.
 *
 * @param heapBytes in use, garbage included
 */
record ServiceGauges(double heapBytes, double threads, double files, double runningSequences) {

    private static final Pattern LINE = Pattern.compile("^(\\w+)(?:\\{([^}]*)})? (\\S+)$", Pattern.MULTILINE);

    /** @throws IOException when the service does not tell */
    static ServiceGauges of(Target target) throws IOException, InterruptedException {
        return of(target.get(target.inference(), "/actuator/prometheus"));
    }

    static ServiceGauges of(String metrics) {
        double heap = 0;
        double threads = 0;
        double files = 0;
        double running = 0;
        for (Matcher line = LINE.matcher(metrics); line.find(); ) {
            String labels = line.group(2) == null ? "" : line.group(2);
            switch (line.group(1)) {
                case "jvm_memory_used_bytes" ->
                    heap += labels.contains("area=\"heap\"") ? Double.parseDouble(line.group(3)) : 0;
                case "jvm_threads_live_threads" -> threads = Double.parseDouble(line.group(3));
                case "process_files_open_files" -> files = Double.parseDouble(line.group(3));
                case "shiftadd_running_sequences" -> running += Double.parseDouble(line.group(3));
                default -> {
                    // Other metrics are many, and of no matter here.
                }
            }
        }
        return new ServiceGauges(heap, threads, files, running);
    }
}
