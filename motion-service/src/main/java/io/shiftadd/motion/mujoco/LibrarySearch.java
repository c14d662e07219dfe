package io.shiftadd.motion.mujoco;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds MuJoCo's library: the one that is set, or the first known version that the system's loader has. */
public final class LibrarySearch {

    /** The environment variable, and by Spring's rules also the setting {@code shiftadd.motion.library}. */
    public static final String VARIABLE = "SHIFTADD_MOTION_LIBRARY";

    private static final String REMEDY = "Install Debian's package libmujoco2.2.2 (apt-get install libmujoco2.2.2), or"
            + " Python's mujoco-core 4.0.0 and set " + VARIABLE + " to its mujoco/libmujoco.so.4.0.0";

    private LibrarySearch() {}

    /** @param setting name or path of a library; null or blank to look for one */
    public static LibraryState find(@Nullable String setting) {
        if (setting != null && !setting.isBlank()) {
            return open(setting.strip()).orElseGet(() -> missing("'" + setting.strip() + "' cannot be loaded"));
        }
        List<String> names = Offsets.KNOWN.stream()
                .map(version -> "libmujoco.so." + Offsets.shown(version))
                .toList();
        List<LibraryState> refused = new ArrayList<>();
        for (String name : names) {
            Optional<LibraryState> found = open(name);
            if (found.isPresent() && found.get() instanceof LibraryState.Ready) {
                return found.get();
            }
            found.ifPresent(refused::add);
        }
        return refused.isEmpty()
                ? missing("the system's loader finds none of " + String.join(", ", names))
                : refused.getFirst();
    }

    private static LibraryState.Missing missing(String what) {
        return new LibraryState.Missing("MuJoCo is not there: " + what, REMEDY);
    }

    /** Loaded for as long as the process lives: nothing would be gained by letting go of it. */
    private static Optional<LibraryState> open(String name) {
        SymbolLookup symbols;
        try {
            Path path = Path.of(name);
            symbols = Files.isRegularFile(path)
                    ? SymbolLookup.libraryLookup(path.toAbsolutePath(), Arena.global())
                    : SymbolLookup.libraryLookup(name, Arena.global());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return Optional.of(check(name, symbols));
    }

    private static LibraryState check(String name, SymbolLookup symbols) {
        if (symbols.find("mj_version").isEmpty()) {
            return missing("'" + name + "' is another library: it has no mj_version");
        }
        int version = Mujoco.versionOf(symbols);
        Optional<Offsets> offsets = Offsets.of(version);
        if (offsets.isEmpty()) {
            List<String> known = Offsets.KNOWN.stream().map(Offsets::shown).toList();
            return new LibraryState.Missing(
                    "'" + name + "' is MuJoCo " + Offsets.shown(version) + ", whose structures are not known here",
                    "Known are " + String.join(" and ", known) + ". " + REMEDY);
        }
        return new LibraryState.Ready(new Mujoco(version, offsets.get(), symbols), name);
    }
}
