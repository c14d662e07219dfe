package io.shiftadd.inference.prefix;

import io.shiftadd.kernel.species.KernelSpecies;
import io.shiftadd.model.cache.KvCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of pages that all models of a process share. Those used last are kept, as many as the budget has room
 * for. One thread writes, one reads, so that a prompt does not wait for what is put aside. Pages are readable for the
 * owner alone: they tell what prompts said.
 */
public final class PrefixDisk implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PrefixDisk.class);

    /** For what is still to be written when the process ends. */
    private static final long PATIENCE_SECONDS = 20;

    /** Of pages that wait to be written, which hold memory; more are not put aside. */
    private static final int MEMORY_SHARE = 8;

    private final Path directory;
    private final PageIndex index;
    private final ExecutorService writer = thread("prefixes-out");
    private final ExecutorService reader = thread("prefixes-in");
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong damaged = new AtomicLong();

    private PrefixDisk(Path directory, long budget) {
        this.directory = directory;
        this.index = new PageIndex(budget);
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(
                task -> Thread.ofPlatform().name(name).daemon().unstarted(task));
    }

    /**
     * Opens a directory that is made if need be, and removes what is no page from it.
     *
     * @param budget bytes that pages may take
     */
    public static PrefixDisk open(Path directory, long budget) throws IOException {
        PrefixDisk disk = new PrefixDisk(directory, budget);
        Files.createDirectories(directory);
        if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted(Comparator.comparing(PrefixDisk::lastUse))
                    .forEach(disk::admit);
        }
        return disk;
    }

    /** Keeps nothing. */
    public static PrefixDisk off() {
        return new PrefixDisk(Path.of(""), 0);
    }

    private static Instant lastUse(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            return Instant.EPOCH;
        }
    }

    private void admit(Path file) {
        try {
            long size = Files.size(file);
            if (PageFile.isOne(file) && size > PageFile.HEAD && index.fits(size)) {
                makeRoom(size);
                index.add(PageFile.name(file), size);
            } else {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be looked at: {}", file, e.toString());
        }
    }

    /**
     * The pages of one model.
     *
     * @param digest changes with any byte of the model
     */
    public ModelPrefixes of(String digest, KvCache.Precision precision) {
        List<String> computedBy =
                List.of(digest, precision.name(), KernelSpecies.active().label());
        return new ModelPrefixes(this, new PageKeys(computedBy));
    }

    boolean isOff() {
        return !index.fits(1);
    }

    Path directory() {
        return directory;
    }

    PageIndex index() {
        return index;
    }

    ExecutorService reader() {
        return reader;
    }

    /** Has pages written some time; false when too many wait already. */
    boolean write(Runnable task, long bytes) {
        if (waiting.addAndGet(bytes) > Runtime.getRuntime().maxMemory() / MEMORY_SHARE || writer.isShutdown()) {
            waiting.addAndGet(-bytes);
            return false;
        }
        writer.execute(() -> {
            try {
                task.run();
            } finally {
                waiting.addAndGet(-bytes);
            }
        });
        return true;
    }

    /** False when the budget has no room for a page of that size at all. */
    boolean makeRoom(long size) {
        index.makeRoom(size).forEach(this::delete);
        return index.fits(size);
    }

    void wrote(String name, long size) {
        written.incrementAndGet();
        index.add(name, size);
    }

    void used(String name) {
        index.touch(name);
        try {
            Files.setLastModifiedTime(PageFile.in(directory, name), FileTime.from(Instant.now()));
        } catch (IOException e) {
            LOG.debug("{} has gone", name, e);
        }
    }

    /** Removes pages of which the first cannot be read, or is not what it says. */
    void drop(List<String> names, IOException cause) {
        // Where it is not there, another process that has the same directory needed its room.
        if (!(cause instanceof NoSuchFileException)) {
            damaged.incrementAndGet();
            LOG.warn("Pages of a prompt are removed: {}", cause.toString());
        }
        names.forEach(name -> {
            index.remove(name);
            delete(name);
        });
    }

    private void delete(String name) {
        try {
            Files.deleteIfExists(PageFile.in(directory, name));
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", PageFile.in(directory, name), e.toString());
        }
    }

    /** Bytes of all pages. */
    public long bytes() {
        return index.bytes();
    }

    /** Pages written since it was opened. */
    public long written() {
        return written.get();
    }

    /** Pages found damaged since it was opened. */
    public long damaged() {
        return damaged.get();
    }

    /** Waits until what was put aside is written. */
    @Override
    public void close() {
        reader.shutdownNow();
        writer.shutdown();
        try {
            if (!writer.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
