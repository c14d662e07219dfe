package io.shiftadd.quantize.job.step;

import io.shiftadd.job.TuningText;
import io.shiftadd.quantize.artifact.DurableFiles;
import io.shiftadd.quantize.calibration.HiddenStateFile;
import io.shiftadd.quantize.calibration.SelfSampler;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.tuning.Tuner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;

/**
 * The sequences that a model is tuned on. What the original writes itself is kept in files, a portion each, so that a
 * run that is broken off goes on with the next portion; with the original's states, which then need not be computed
 * again.
 */
final class TuningTexts implements Tuner.TeacherStates, AutoCloseable {

    /** Keeps the text apart from that of calibration and evaluation. */
    private static final long APART = 0x5EED_0002L;

    /** Time that a portion is to take: what a kill costs. */
    private static final double PORTION_SECONDS = 45;

    private static final int FIRST_PORTION = 16;
    private static final int LEAST_PORTION = 4;
    private static final int MOST_PORTION = 128;

    private final JobRun run;
    private final JobResources resources;
    private final Windows windows;
    private final TuningText kind;
    private final int length;
    private final long seed;
    private final List<Portion> portions = new ArrayList<>();
    private int portion = FIRST_PORTION;

    /** @param first number of its first sequence among all that are sampled */
    private record Portion(int first, HiddenStateFile states) {}

    TuningTexts(JobRun run, JobResources resources, Windows windows, TuningText kind, int length, long seed) {
        this.run = run;
        this.resources = resources;
        this.windows = windows;
        this.kind = kind;
        this.length = length;
        this.seed = seed ^ APART;
    }

    /**
     * All that there are to be, those of the model's own in one order whatever their number.
     *
     * @param done hears which share is there
     * @return {@code [count][length]}
     */
    int[][] texts(int count, DoubleConsumer done) throws IOException {
        int sampled = sampled(count);
        List<int[]> own = sampled == 0 ? List.of() : written(sampled, done);
        int[][] given = sampled == count ? new int[0][] : windows.ofCalibrationText(count - sampled, length, seed);
        boolean mixed = sampled > 0 && sampled < count;
        int[][] texts = new int[count][];
        for (int i = 0; i < count; i++) {
            boolean isOwn = mixed ? i % 2 == 0 : sampled == count;
            int at = mixed ? i / 2 : i;
            texts[i] = isOwn ? own.get(at) : given[at];
        }
        return texts;
    }

    private int sampled(int count) {
        return switch (kind) {
            case SAMPLED -> count;
            case TEXT -> 0;
            case MIX -> Math.ceilDiv(count, 2);
        };
    }

    private List<int[]> written(int count, DoubleConsumer done) throws IOException {
        Path directory = run.workspace().tuningText();
        Files.createDirectories(directory);
        close();
        SelfSampler sampler =
                new SelfSampler(resources.languageModel(), resources.tokenizer().bosId(), resources.context());
        List<int[]> texts = new ArrayList<>();
        while (texts.size() < count) {
            run.check();
            Path file = directory.resolve("%08d".formatted(texts.size()));
            if (!Files.exists(file)) {
                write(file, sampler, texts.size(), count);
            }
            if (kind == TuningText.SAMPLED) {
                portions.add(new Portion(texts.size(), HiddenStateFile.open(states(file), length, width())));
            }
            read(file, texts);
            done.accept(Math.min(1, (double) texts.size() / count));
        }
        return texts.subList(0, count);
    }

    private void write(Path file, SelfSampler sampler, int from, int end) throws IOException {
        int count = Math.min(portion, end - from);
        long start = System.nanoTime();
        int[][] texts = kind == TuningText.SAMPLED
                ? withStates(file, sampler, from, count)
                : sampler.sample(from, count, length, seed);
        double seconds = (System.nanoTime() - start) / 1e9;
        portion = (int) Math.clamp(count * PORTION_SECONDS / seconds, LEAST_PORTION, MOST_PORTION);
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(count * length, Integer.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int[] text : texts) {
            for (int token : text) {
                bytes.putInt(token);
            }
        }
        DurableFiles.write(file, run.workspace().owner(), bytes.array());
    }

    private int[][] withStates(Path file, SelfSampler sampler, int from, int count) throws IOException {
        Path states = states(file);
        Path unfinished = states.resolveSibling(
                "." + states.getFileName() + "." + run.workspace().owner());
        Files.deleteIfExists(unfinished);
        int[][] texts;
        try (HiddenStateFile target = HiddenStateFile.create(unfinished, count, length, width())) {
            texts = sampler.sample(from, count, length, seed, target);
            target.force();
        }
        // Before the text, which says that both are there.
        Files.move(unfinished, states, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return texts;
    }

    private static Path states(Path text) {
        return text.resolveSibling(text.getFileName() + ".states");
    }

    private int width() {
        return resources.languageModel().config().hiddenSize();
    }

    /** Of the texts that {@link #texts} gave: their numbers. */
    @Override
    public boolean read(int text, float[] target, int at) {
        for (Portion one : portions) {
            int within = text - one.first();
            if (within >= 0 && within < one.states().texts()) {
                one.states().read(within, target, at);
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        portions.forEach(one -> one.states().close());
        portions.clear();
    }

    private void read(Path file, List<int[]> texts) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.remaining() >= length * Integer.BYTES) {
            int[] text = new int[length];
            for (int i = 0; i < length; i++) {
                text[i] = bytes.getInt();
            }
            texts.add(text);
        }
    }
}
