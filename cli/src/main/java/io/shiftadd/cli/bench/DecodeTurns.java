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

    private final List<DecodeLoad> loads;
    private final List<DecodeSeries> series = new ArrayList<>();

    /** Closes what is open, the last first. */
    private final Deque<Runnable> closing = new ArrayDeque<>();

    private double readyMillis;

    private DecodeTurns(List<DecodeLoad> loads) {
        this.loads = loads;
    }

    /**
     * Writes the models into a directory of their own, which goes when this is closed, and opens them.
     *
     * @param loads for each of them; all decode as many tokens
     */
    static DecodeTurns open(List<RandomModel> models, List<Integer> threads, List<DecodeLoad> loads)
            throws IOException {
        DecodeTurns turns = new DecodeTurns(loads);
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
                for (DecodeLoad load : loads) {
                    series.add(new DecodeSeries(models.get(i), opened.get(i), context, load));
                }
            }
        }
    }

    /** What opening a model took, the slowest of all. */
    double readyMillis() {
        return readyMillis;
    }

    /** Warms up and measures; figures are in the order of the models, for each in that of the threads and loads. */
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
        return series.stream().map(each -> each.figures(first(each), peak)).toList();
    }

    /** What a series is compared with: the first of all, or if there are several contexts, itself with the first. */
    private DecodeSeries first(DecodeSeries each) {
        return loads.size() == 1
                ? series.getFirst()
                : series.stream().filter(each::sameButContext).findFirst().orElseThrow();
    }

    private ReadBandwidth reader(KernelContext context) {
        ReadBandwidth reader = new ReadBandwidth(context);
        closing.push(reader::close);
        return reader;
    }

    private void round(Map<KernelContext, ReadBandwidth> readers) {
        series.forEach(DecodeSeries::begin);
        int decoded = loads.getFirst().decodedTokens();
        for (int done = 0; done < decoded; done += TURN_TOKENS) {
            int tokens = Math.min(TURN_TOKENS, decoded - done);
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
