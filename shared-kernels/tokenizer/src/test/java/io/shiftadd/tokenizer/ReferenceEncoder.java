package io.shiftadd.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;

/**
 * The Hugging Face tokenizers library, which defines what a tokenizer.json means. Called through DJL's native binding:
 * its own loader looks for GPUs and downloads a library when it finds one. Files it cannot bear end the process.
 */
final class ReferenceEncoder implements AutoCloseable {

    private static final TokenizersLibrary LIBRARY = load();

    private final long handle;

    ReferenceEncoder(String tokenizerJson) {
        handle = LIBRARY.createTokenizerFromString(tokenizerJson);
        LIBRARY.disableTruncation(handle);
        LIBRARY.disablePadding(handle);
    }

    int[] encode(String text, boolean addSpecialTokens) {
        long encoding = LIBRARY.encode(handle, text, addSpecialTokens);
        try {
            return LongStream.of(LIBRARY.getTokenIds(encoding))
                    .mapToInt(Math::toIntExact)
                    .toArray();
        } finally {
            LIBRARY.deleteEncoding(encoding);
        }
    }

    String decode(int[] ids, boolean skipSpecialTokens) {
        return LIBRARY.decode(handle, Arrays.stream(ids).asLongStream().toArray(), skipSpecialTokens);
    }

    @Override
    public void close() {
        LIBRARY.deleteTokenizer(handle);
    }

    private static TokenizersLibrary load() {
        String file = System.mapLibraryName("tokenizers");
        URL resource =
                TokenizersLibrary.class.getClassLoader().getResource("native/lib/" + platform() + "/cpu/" + file);
        Assumptions.assumeTrue(resource != null, "the tokenizers library is not built for " + platform());
        try (InputStream in = resource.openStream()) {
            Path library = Files.createTempDirectory("tokenizers").resolve(file);
            Files.copy(in, library);
            // The last to be registered is the first to go.
            library.getParent().toFile().deleteOnExit();
            library.toFile().deleteOnExit();
            System.load(library.toString());
        } catch (IOException e) {
            throw new IllegalStateException("cannot extract the tokenizers library", e);
        }
        return TokenizersLibrary.LIB;
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        return (os.startsWith("mac") ? "osx" : os) + "-" + (arch.equals("amd64") ? "x86_64" : arch);
    }
}
