package io.shiftadd.format;

/**
 * What becomes of a mapped file that somebody cuts short: the pages beyond its new end cannot be read, which the JVM
 * reports as an {@link InternalError} in whatever code reads them.
 */
public final class ChangedFile {

    private ChangedFile() {}

    /** Reads from mapped files. */
    @FunctionalInterface
    public interface Reading<T> {
        T read();
    }

    /**
     * The result of {@code reading}.
     *
     * @param where names the file in errors
     * @throws FormatException when a mapped file got shorter meanwhile
     */
    public static <T> T watch(String where, Reading<T> reading) {
        try {
            return reading.read();
        } catch (InternalError e) {
            throw failure(where, e);
        }
    }

    /** What to throw for an error that reading a mapped file ended with. */
    public static FormatException failure(String where, InternalError error) {
        return new FormatException(
                "got shorter while it was in use",
                where,
                "files of a model must stay as they are as long as it is open",
                "Put the whole file back and load the model again; replace files by renaming, never in place.",
                error);
    }
}
