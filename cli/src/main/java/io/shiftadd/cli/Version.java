package io.shiftadd.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the build's version, and the Java that it runs on. */
public final class Version implements IVersionProvider {

    private static final String FILE = "version.properties";

    @Override
    public String[] getVersion() throws IOException {
        return new String[] {
            "shiftadd " + number(),
            "Java %s, %s, %s".formatted(Runtime.version(), System.getProperty("os.name"), System.getProperty("os.arch"))
        };
    }

    /** The build's, as Maven spells it. */
    public static String number() throws IOException {
        Properties properties = new Properties();
        try (InputStream file = Version.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IOException("the jar has no " + FILE);
            }
            properties.load(file);
        }
        return properties.getProperty("version", "of unknown version");
    }
}
