package io.shiftadd.cli.bench;

import io.shiftadd.cli.ResidentMemory;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Models, each at one or more numbers of threads, that decode in turns with each other and with plain reads of memory:
 * a shared machine changes within a second, and so all see the same of it.
 */
final class DecodeTurns implements AutoCloseable {

    private static final int TURN_TOKENS = 8;

    private final DecodeLoad load;
    private final List<DecodeSeries> series = new ArrayList<>();

    /** Closes what is open, the last first. */
    private final Deque<Runnable> closing = new ArrayDeque<>();

    private double readyMillis;

    private DecodeTurns(DecodeLoad load) {
        this.load = load;
    }

    /** Writes the models into a directory of their own, which goes when this is closed, and opens them. */
    static DecodeTurns open(List<RandomModel> models, List<Integer> threads, DecodeLoad load) throws IOException {
        DecodeTurns turns = new DecodeTurns(load);
        try {
            turns.openAll(models, threads);
        } catch (IOException | RuntimeException e) {
            turns.close();
            throw e;
        }
        return turns;
    }

    private void openAll(List<RandomModel> models, List<Integer> threads) throws IOException {
        WorkDirectory work = WorkDirectory.create();
        closing.push(work::close);
        List<CausalLanguageModel> opened = new ArrayList<>();
        for (RandomModel random : models) {
            Path directory = Files.createTempDirectory(work.path(), "model");
            random.write(directory);
            long start = System.nanoTime();
            CausalLanguageModel model = CausalLanguageModel.open(directory);
            readyMillis = Math.max(readyMillis, (System.nanoTime() - start) / 1e6);
            closing.push(model::close);
            opened.add(model);
        }
        // Opened last, so closed first: its threads read the models.
        List<KernelContext> contexts = new ArrayList<>();
        for (int count : threads) {
            KernelContext context = KernelContext.create(count);
            closing.push(context::close);
            contexts.add(context);
        }
        for (int i = 0; i < opened.size(); i++) {
            for (KernelContext context : contexts) {
                series.add(new DecodeSeries(models.get(i), opened.get(i), context, load));
            }
        }
    }

    /** What opening a model took, the slowest of all. */
    double readyMillis() {
        return readyMillis;
    }

    /** Warms up and measures; figures are in the order of the models, for each in that of the threads. */
    List<DecodeFigures> run(int rounds) {
        series.forEach(DecodeSeries::warmUp);
        // The arrays that bandwidth is measured with are not the models' memory.
        long peak = ResidentMemory.peak();
        Map<KernelContext, ReadBandwidth> readers = new LinkedHashMap<>();
        for (DecodeSeries each : series) {
            readers.computeIfAbsent(each.context(), this::reader);
        }
        for (int i = 0; i < rounds; i++) {
            round(readers);
        }
        return series.stream()
                .map(each -> each.figures(series.getFirst(), peak))
                .toList();
    }

    private ReadBandwidth reader(KernelContext context) {
        ReadBandwidth reader = new ReadBandwidth(context);
        closing.push(reader::close);
        return reader;
    }

    private void round(Map<KernelContext, ReadBandwidth> readers) {
        series.forEach(DecodeSeries::begin);
        for (int done = 0; done < load.decodedTokens(); done += TURN_TOKENS) {
            int tokens = Math.min(TURN_TOKENS, load.decodedTokens() - done);
            readers.values().forEach(ReadBandwidth::turn);
            series.forEach(each -> each.turn(tokens));
        }
        readers.forEach((context, reader) -> {
            double bandwidth = reader.endRound();
            series.stream().filter(each -> each.context() == context).forEach(each -> each.end(bandwidth));
        });
    }

    @Override
    public void close() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
