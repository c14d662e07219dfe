package io.shiftadd.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.shiftadd.format.FormatException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;

/**
 * The Hugging Face tokenizers library. Called through DJL's native binding rather than its {@code
 * HuggingFaceTokenizer}, because that one asks a server for its whereabouts when it starts, truncates, and copies seven
 * arrays for each text of which only the ids are needed.
 */
final class NativeTokenizer implements AutoCloseable {

    /** Encoding is shared, closing exclusive: the native side would crash on a handle that is gone. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private final TokenizersLibrary library;
    private final String where;
    private long handle;

    private NativeTokenizer(TokenizersLibrary library, long handle, String where) {
        this.library = library;
        this.handle = handle;
        this.where = where;
    }

    /**
     * @param json a {@code tokenizer.json} that {@link TokenizerJson} has accepted
     */
    static NativeTokenizer create(String json, String where) {
        TokenizersLibrary library = NativeLibrary.load();
        long handle;
        try {
            handle = library.createTokenizerFromString(json);
        } catch (RuntimeException e) {
            throw new FormatException(
                    "is no tokenizer: " + e.getMessage(),
                    where,
                    "the Hugging Face tokenizers library must be able to read it",
                    "Download or convert the file again.",
                    e);
        }
        library.disableTruncation(handle);
        library.disablePadding(handle);
        return new NativeTokenizer(library, handle, where);
    }

    /**
     * @throws FormatException when the tokenizer's own parts contradict each other, which shows only with a text
     */
    int[] encode(String text, boolean addSpecialTokens) {
        return use(tokenizer -> {
            long encoding = encoding(tokenizer, text, addSpecialTokens);
            try {
                return toInts(library.getTokenIds(encoding));
            } finally {
                library.deleteEncoding(encoding);
            }
        });
    }

    private long encoding(long tokenizer, String text, boolean addSpecialTokens) {
        try {
            return library.encode(tokenizer, wellFormed(text), addSpecialTokens);
        } catch (RuntimeException e) {
            throw new FormatException(
                    "cannot encode a text of " + text.length() + " characters: " + e.getMessage(),
                    where,
                    "the tokenizer must have a token for everything, or an unknown token",
                    "Use the tokenizer files of the original model.",
                    e);
        }
    }

    private <T> T use(LongFunction<T> call) {
        lock.readLock().lock();
        try {
            if (handle == 0) {
                throw new IllegalStateException("the tokenizer is closed");
            }
            return call.apply(handle);
        } finally {
            lock.readLock().unlock();
        }
    }

    private static int[] toInts(long[] ids) {
        int[] ints = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ints[i] = Math.toIntExact(ids[i]);
        }
        return ints;
    }

    /** Unpaired surrogates have no UTF-8, and the library would see other characters in their place. */
    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                int[] codePoints = text.codePoints()
                        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                        .toArray();
                return new String(codePoints, 0, codePoints.length);
            }
        }
        return text;
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (handle != 0) {
                library.deleteTokenizer(handle);
                handle = 0;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
