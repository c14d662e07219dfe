package io.shiftadd.cli.stack;

import io.shiftadd.postgres.PostgresAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ahead-of-time caches of the services' classes (JEP 483 and 514), which about halve their start-up.
 *
 * <p>A cache comes from a run that is recorded. Such a run starts a service as far as its application context and ends;
 * it happens in the background with the lowest priority after the stack is up, once for each build. A JVM that finds
 * its cache unfit ignores it.
 */
final class StartupCache {

    private static final String NAME = "startup-cache";

    private static final int BUFFER_BYTES = 1 << 20;

    /** Arguments: log, then for each service the cache, the file of arguments and the JVM. */
    private static final String RECORD_ALL = """
            while [ $# -gt 0 ]; do
                nice -n 19 "$3" -XX:AOTCacheOutput="$1.new" -Dspring.context.exit=onRefresh "@$2" &&
                    sha256sum <"$1.new" >"$1.sha256" && mv "$1.new" "$1"
                rm -f "$1.new" "$1.new.config"
                shift 3
            done
            """;

    private final StackSettings settings;

    StartupCache(StackSettings settings) {
        this.settings = settings;
    }

    /** What a JVM has to be given to start with the cache of this build; nothing while there is none. */
    List<String> options(InstalledService service) {
        Path cache = file(service);
        // Why a cache does not fit is of no use in a service's log.
        return isRecorded(cache) ? List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off", "-Xlog:cds*=off") : List.of();
    }

    /** Only what was noted when it was recorded is used. */
    private static boolean isRecorded(Path cache) {
        return Files.exists(cache) && Files.exists(noted(cache));
    }

    /**
     * Forgets a cache that is not what was recorded: a JVM may take wrong code from it, or crash.
     *
     * @return whether there was such a one
     */
    boolean forgetIfDamaged(InstalledService service) throws IOException {
        Path cache = file(service);
        return isRecorded(cache) && !Files.readString(noted(cache)).startsWith(digest(cache)) && forget(service);
    }

    /**
     * Forgets that a cache was recorded: the next start does without, and another is recorded in its place.
     *
     * @return whether there was one
     */
    boolean forget(InstalledService service) throws IOException {
        return Files.deleteIfExists(noted(file(service)));
    }

    private static Path noted(Path cache) {
        return cache.resolveSibling(cache.getFileName() + ".sha256");
    }

    private static String digest(Path cache) throws IOException {
        MessageDigest digest = sha256();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (FileChannel channel = FileChannel.open(cache)) {
            while (channel.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Begins to record the caches that are missing; returns at once. */
    void recordMissing(List<InstalledService> services, Optional<PostgresAccess> database) throws IOException {
        List<String> command = new ArrayList<>(ServiceLauncher.DETACHED);
        command.addAll(List.of("sh", "-c", RECORD_ALL, "sh"));
        int fixed = command.size();
        for (InstalledService service : services) {
            if (!isRecorded(file(service))) {
                command.add(file(service).toString());
                command.add(ServiceLauncher.argumentsFile(settings, service.service())
                        .toString());
                command.add(ServiceLauncher.java());
            }
        }
        ProcessFile recorder = new ProcessFile(settings.runDirectory(), NAME);
        if (command.size() == fixed || recorder.find().isPresent()) {
            return;
        }
        // Services that came packed have left nothing there.
        Files.createDirectories(settings.dataDirectory().resolve("app"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(settings.checkout().toFile())
                .redirectErrorStream(true)
                .redirectOutput(settings.dataDirectory()
                        .resolve("logs/" + NAME + ".log")
                        .toFile());
        database.ifPresent(access -> builder.environment().putAll(ServiceLauncher.environment(access)));
        recorder.remember(builder.start().toHandle(), Map.of());
    }

    /** Ends the recording, if one is going on. */
    void stopRecording() throws IOException {
        ProcessFile recorder = new ProcessFile(settings.runDirectory(), NAME);
        recorder.find().map(ProcessFile.Found::process).ifPresent(shell -> {
            List<ProcessHandle> recorded = shell.descendants().toList();
            shell.destroy();
            recorded.forEach(ProcessHandle::destroyForcibly);
        });
        recorder.forget();
    }

    private Path file(InstalledService service) {
        String name =
                "%s-%s-%s.aot".formatted(service.build(), service.service().module(), Runtime.version());
        return settings.dataDirectory().resolve("app").resolve(name);
    }
}
