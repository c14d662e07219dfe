package io.shiftadd.motion.mujoco;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * Where the fields of MuJoCo's structures are, in one version of it. The tables are made from the headers by
 * {@code motion-service/offsets/generate.sh} and lie beside this class, named by {@code mj_version()}.
 */
final class Offsets {

    /** The versions that have a table, the one to prefer first. */
    static final List<Integer> KNOWN = List.of(222, 4_000_000);

    private final Properties table;

    private Offsets(Properties table) {
        this.table = table;
    }

    /** A field's place in its structure, in bytes. */
    record Field(long offset, int bytes) {}

    /** Empty when the version has no table. */
    static Optional<Offsets> of(int version) {
        try (InputStream stream = Offsets.class.getResourceAsStream(version + ".properties")) {
            if (stream == null) {
                return Optional.empty();
            }
            Properties table = new Properties();
            table.load(stream);
            return Optional.of(new Offsets(table));
        } catch (IOException e) {
            throw new UncheckedIOException("the offsets of MuJoCo " + version + " cannot be read", e);
        }
    }

    /** As people write the version: 222 is 2.2.2, 4000000 is 4.0.0. */
    static String shown(int version) {
        int base = version < 1_000_000 ? 10 : 1_000;
        return version / base / base + "." + version / base % base + "." + version % base;
    }

    boolean has(String name) {
        return table.containsKey(name);
    }

    Field field(String name) {
        String[] parts = text(name).split(":", 2);
        return new Field(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
    }

    int value(String name) {
        return Integer.parseInt(text(name));
    }

    private String text(String name) {
        String text = table.getProperty(name);
        if (text == null) {
            throw new IllegalArgumentException("the table of offsets has no " + name);
        }
        return text;
    }
}
