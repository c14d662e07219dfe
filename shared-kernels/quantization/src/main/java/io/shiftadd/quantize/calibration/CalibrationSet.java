package io.shiftadd.quantize.calibration;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.ImageClassifier;
import io.shiftadd.model.Transformer;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The calibration windows and the hidden states of all their tokens before each block, in a directory of their own:
 * those of the model as far as it is reparameterized and, where wanted, those of the original model.
 *
 * <p>States of a block appear complete or not at all, so that a run that was cut short goes on from the last block that
 * has them. Only the states of few blocks are there at a time: {@link #discardBefore}.
 */
public final class CalibrationSet {

    /** Which model's hidden states. */
    public enum Stream {
        /** Of the model whose blocks before this one are reparameterized. */
        REPARAMETERIZED("reparameterized"),
        /** Of the original model. */
        ORIGINAL("original");

        private final String label;

        Stream(String label) {
            this.label = label;
        }
    }

    private static final String WINDOWS = "windows.i32";
    private static final int MAGIC = 0x53414331;
    private static final int HEADER = 4;

    /** Tokens that go through a block at once: enough for efficient matrix products, little memory. */
    private static final int BATCH_TOKENS = 4096;

    /** 64 MiB: small beside a model's own arrays, and spares a small model the cost of a file's pages. */
    private static final long VALUES_IN_MEMORY = 1 << 24;

    private final Path directory;
    private final int[][] windows;
    private final int width;

    private CalibrationSet(Path directory, int[][] windows, int width) {
        this.directory = directory;
        this.windows = windows;
        this.width = width;
    }

    /**
     * A new set with the states before block 0, the windows' embeddings.
     *
     * @param directory created if it does not exist; what it has of an earlier set is replaced
     * @param windows {@code [windows][length]} of token ids, all of the same length
     */
    public static CalibrationSet create(Path directory, CausalLanguageModel model, int[][] windows) {
        if (windows.length == 0 || windows[0].length == 0) {
            throw new IllegalArgumentException("calibration needs at least one window of at least one token");
        }
        CalibrationSet set =
                new CalibrationSet(directory, windows, model.config().hiddenSize());
        try {
            Files.createDirectories(directory);
            set.discardBefore(Integer.MAX_VALUE);
            Files.deleteIfExists(set.embedded());
            set.writeWindows();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        set.writeEmbeddings(model);
        return set;
    }

    /**
     * A new set of images, each of which is a sequence. The states before block 0 stay: images are not decoded again.
     *
     * @param directory as for windows
     */
    public static CalibrationSet create(
            Path directory, ImageClassifier model, ImageSample images, KernelContext context) {
        int length = model.config().contextLength();
        CalibrationSet set = new CalibrationSet(
                directory, new int[images.size()][length], model.config().hiddenSize());
        try {
            Files.createDirectories(directory);
            set.discardBefore(Integer.MAX_VALUE);
            set.writeWindows();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HiddenStates states = set.scratch("embedding", set.width);
        for (Batch batch : set.batches()) {
            int count = batch.end - batch.from;
            float[] hidden = new float[Math.multiplyExact(batch.tokens(), set.width)];
            model.embed(images.read(batch.from, count), 0, count, hidden, context);
            states.write(batch.firstToken(), batch.tokens(), hidden);
        }
        states.force();
        states.close();
        move(set.scratchFile("embedding"), set.embedded());
        return set;
    }

    /** A set that {@link #create} made earlier. */
    public static CalibrationSet open(Path directory) {
        try {
            IntBuffer values = ByteBuffer.wrap(Files.readAllBytes(directory.resolve(WINDOWS)))
                    .asIntBuffer();
            if (values.remaining() < HEADER || values.get(0) != MAGIC) {
                throw new IOException(
                        directory.resolve(WINDOWS) + " is no list of calibration windows. Calibrate again.");
            }
            int count = values.get(1);
            int length = values.get(2);
            int width = values.get(3);
            if (values.remaining() != HEADER + (long) count * length) {
                throw new IOException(directory.resolve(WINDOWS) + " is cut short. Calibrate again.");
            }
            int[][] windows = new int[count][length];
            for (int i = 0; i < count; i++) {
                values.get(HEADER + i * length, windows[i]);
            }
            return new CalibrationSet(directory, windows, width);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tokens of all windows. */
    public long tokens() {
        return (long) windows.length * length();
    }

    /** Tokens of a window. */
    public int length() {
        return windows[0].length;
    }

    /** Size of a hidden state. */
    public int width() {
        return width;
    }

    /** Whether the states before a block are there. */
    public boolean holds(int block, Stream stream) {
        return Files.exists(file(block, stream));
    }

    /** The states before a block, for reading. */
    public HiddenStates states(int block, Stream stream) {
        // Before the first block the two streams are one.
        Stream kept = block == 0 ? Stream.REPARAMETERIZED : stream;
        return HiddenStates.open(file(block, kept), tokens(), width);
    }

    /**
     * A file of the set's own for values of {@code valueWidth} per token; what an earlier one had may still be in it.
     */
    public HiddenStates scratch(String name, int valueWidth) {
        return HiddenStates.create(scratchFile(name), tokens(), valueWidth);
    }

    /** As {@link #scratch} for what is never published: in memory where that is little. */
    public HiddenStates passing(String name, int valueWidth) {
        return tokens() * valueWidth <= VALUES_IN_MEMORY
                ? HiddenStates.inMemory(tokens(), valueWidth)
                : scratch(name, valueWidth);
    }

    /** Makes the values written to a {@link #scratch} file the states before a block, at once. */
    public void publish(String scratch, HiddenStates written, int block, Stream stream) {
        written.force();
        written.close();
        move(scratchFile(scratch), file(block, stream));
    }

    /** Deletes a scratch file, which must be closed. */
    public void discard(String scratch) {
        delete(scratchFile(scratch));
    }

    /** Deletes the states before the blocks below {@code block}. */
    public void discardBefore(int block) {
        try (var files = Files.newDirectoryStream(directory, "block-*.f32")) {
            for (Path file : files) {
                if (Integer.parseInt(file.getFileName().toString().split("-")[1]) < block) {
                    delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A set in another directory with the windows and the states before one block, of both streams, as links to the
     * files of this one: whoever works on the block alone leaves this set as it is.
     *
     * @param target on the same file system; made
     */
    public CalibrationSet isolate(int block, Path target) throws IOException {
        Files.createDirectories(target);
        CalibrationSet isolated = new CalibrationSet(target, windows, width);
        link(directory.resolve(WINDOWS), target.resolve(WINDOWS));
        link(file(block, Stream.REPARAMETERIZED), isolated.file(block, Stream.REPARAMETERIZED));
        if (block > 0) {
            Stream original = holds(block, Stream.ORIGINAL) ? Stream.ORIGINAL : Stream.REPARAMETERIZED;
            link(file(block, original), isolated.file(block, Stream.ORIGINAL));
        }
        return isolated;
    }

    private static void link(Path from, Path to) throws IOException {
        Files.deleteIfExists(to);
        Files.createLink(to, from);
    }

    /** Whole windows that together are a good number of tokens for one forward pass. */
    public List<Batch> batches() {
        int windowsPerBatch = Math.max(1, BATCH_TOKENS / length());
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < windows.length; from += windowsPerBatch) {
            batches.add(new Batch(from, Math.min(windows.length, from + windowsPerBatch)));
        }
        return batches;
    }

    /** Windows {@code from..end} of the set. */
    public final class Batch {

        private final int from;
        private final int end;

        private Batch(int from, int end) {
            this.from = from;
            this.end = end;
        }

        /** The set's token with which the batch begins. */
        public long firstToken() {
            return (long) from * length();
        }

        public int tokens() {
            return (end - from) * length();
        }

        /** Every window from its beginning, in caches that are empty and of which there are enough. */
        public TokenBatch tokenBatch(List<KvCache> caches) {
            int[] ids = new int[tokens()];
            List<TokenBatch.Segment> segments = new ArrayList<>();
            for (int i = from; i < end; i++) {
                System.arraycopy(windows[i], 0, ids, (i - from) * length(), length());
                segments.add(new TokenBatch.Segment(caches.get(i - from), length()));
            }
            return new TokenBatch(ids, segments);
        }
    }

    /** As many empty caches as the largest batch has windows. */
    public List<KvCache> newCaches(Transformer model) {
        List<KvCache> caches = new ArrayList<>();
        for (int i = 0; i < Math.min(windows.length, Math.max(1, BATCH_TOKENS / length())); i++) {
            caches.add(model.newCache(length()));
        }
        return caches;
    }

    /**
     * The states before the first block, whatever the set has at the moment.
     *
     * @param sequences the batch's
     * @param hidden overwritten
     */
    public void embed(Batch batch, TokenBatch sequences, Transformer model, float[] hidden) {
        if (model instanceof CausalLanguageModel language) {
            language.embed(sequences, hidden);
        } else {
            try (HiddenStates states = states(0, Stream.REPARAMETERIZED)) {
                states.read(batch.firstToken(), batch.tokens(), hidden);
            }
        }
    }

    private void writeEmbeddings(CausalLanguageModel model) {
        List<KvCache> caches = newCaches(model);
        HiddenStates states = scratch("embedding", width);
        float[] hidden = new float[Math.max(BATCH_TOKENS, length()) * width];
        for (Batch batch : batches()) {
            model.embed(batch.tokenBatch(caches), hidden);
            states.write(batch.firstToken(), batch.tokens(), hidden);
        }
        publish("embedding", states, 0, Stream.REPARAMETERIZED);
    }

    private void writeWindows() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(HEADER + windows.length * length(), Integer.BYTES));
        bytes.putInt(MAGIC).putInt(windows.length).putInt(length()).putInt(width);
        for (int[] window : windows) {
            if (window.length != length()) {
                throw new IllegalArgumentException("calibration windows are of one length; one has " + window.length
                        + " tokens, the first " + length());
            }
            for (int id : window) {
                bytes.putInt(id);
            }
        }
        Path temporary = directory.resolve(WINDOWS + ".part");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            bytes.flip();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        move(temporary, directory.resolve(WINDOWS));
    }

    private Path file(int block, Stream stream) {
        return block == 0 && Files.exists(embedded())
                ? embedded()
                : directory.resolve("block-" + block + "-" + stream.label + ".f32");
    }

    /** The states of images before the first block. */
    private Path embedded() {
        return directory.resolve("images.f32");
    }

    private Path scratchFile(String name) {
        return directory.resolve("scratch-" + name + ".part");
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
