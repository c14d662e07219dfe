package io.shiftadd.inference.prefix;

import io.shiftadd.model.cache.KvCache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages of one model on disk. Thread-safe. */
public final class ModelPrefixes {

    private static final Logger LOG = LoggerFactory.getLogger(ModelPrefixes.class);

    private final PrefixDisk disk;
    private final PageKeys keys;

    ModelPrefixes(PrefixDisk disk, PageKeys keys) {
        this.disk = disk;
        this.keys = keys;
    }

    /**
     * Begins to read what there is of a prompt's beginning.
     *
     * @param known tokens that need not be read
     * @param caches makes an empty cache of a capacity
     * @param done called by another thread when it has been read
     * @return what may be asked whether it has; done already when there is nothing more than what is known
     */
    public Restoration restore(int[] prompt, int known, IntFunction<KvCache> caches, Runnable done) {
        List<String> names = disk.isOff() ? List.of() : keys.of(prompt, prompt.length);
        int pages = 0;
        while (pages < names.size() && disk.index().has(names.get(pages))) {
            pages++;
        }
        if (pages * KvCache.PAGE <= known) {
            return Restoration.NOTHING;
        }
        Restoration restoration = new Restoration();
        List<String> read = names.subList(0, pages);
        try {
            disk.reader().execute(() -> {
                try {
                    KvCache cache = caches.apply(read.size() * KvCache.PAGE);
                    read(read, cache);
                    restoration.finish(Arrays.copyOf(prompt, cache.length()), cache);
                } catch (OutOfMemoryError e) {
                    LOG.warn("There is no memory to read the beginning of a prompt from disk");
                } finally {
                    restoration.finish();
                    done.run();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The service ends", e);
            return Restoration.NOTHING;
        }
        return restoration;
    }

    private void read(List<String> names, KvCache cache) {
        ByteBuffer page = PageFile.buffer(cache.pageBytes());
        for (int i = 0; i < names.size(); i++) {
            try {
                PageFile.read(disk.directory(), names.get(i), page);
            } catch (IOException e) {
                // Those after it are of no use any more.
                disk.drop(names.subList(i, names.size()), e);
                break;
            }
            cache.readPage(page);
        }
        // Without its beginning a page is of no use, so that later ones are the first to go.
        names.subList(0, cache.length() / KvCache.PAGE).reversed().forEach(disk::used);
    }

    /** Whether there is anything to put aside of so many tokens. */
    public boolean lacks(int[] tokens, int count) {
        return !disk.isOff() && !keys.of(tokens, count).stream().allMatch(disk.index()::has);
    }

    /**
     * Puts the full pages of a sequence aside, some time.
     *
     * @param cache of these tokens, that nobody writes to any more
     */
    public void keep(int[] tokens, KvCache cache) {
        List<String> names = keys.of(tokens, cache.length());
        long bytes = (long) names.size() * cache.pageBytes();
        if (!names.isEmpty() && !disk.write(() -> write(names, cache), bytes)) {
            LOG.debug("Too much waits to be written; {} pages are not", names.size());
        }
    }

    private void write(List<String> names, KvCache cache) {
        ByteBuffer page = PageFile.buffer(cache.pageBytes());
        try {
            for (int i = 0; i < names.size(); i++) {
                if (!disk.index().has(names.get(i)) && disk.makeRoom(page.capacity())) {
                    page.clear().position(PageFile.HEAD);
                    cache.writePage(i, page);
                    PageFile.write(disk.directory(), names.get(i), page);
                    disk.wrote(names.get(i), page.capacity());
                }
            }
        } catch (IOException e) {
            LOG.warn("Pages of a prompt cannot be written to {}: {}", disk.directory(), e.toString());
        }
        names.reversed().forEach(disk::used);
    }
}
