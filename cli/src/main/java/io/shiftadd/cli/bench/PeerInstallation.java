package io.shiftadd.cli.bench;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * llama.cpp as npm has it prebuilt, of a pinned version, in a folder of its own under the data directory.
 *
 * @param folder where its package.json lies
 */
record PeerInstallation(Path folder) {

    /** Of node-llama-cpp; a newer one may need a newer Node. */
    static final String VERSION = "3.14.2";

    /** Builds of llama.cpp that need more than AVX2. */
    private static final List<String> BEYOND_AVX2 = List.of("alderlake", "icelake", "sapphirerapids", "skylakex");

    /**
     * Installs it unless it is there.
     *
     * @param avx2 without the builds for longer vectors, so that llama.cpp takes that of AVX2
     * @throws CommandFailure if npm is missing or fails
     */
    static PeerInstallation at(Path dataDirectory, boolean avx2) throws IOException {
        String name = "node-llama-cpp-" + VERSION + (avx2 ? "-avx2" : "");
        PeerInstallation peer =
                new PeerInstallation(dataDirectory.resolve("peers").resolve(name));
        Path done = peer.folder.resolve("installed");
        if (Files.exists(done)) {
            return peer;
        }
        Files.createDirectories(peer.folder);
        Files.writeString(peer.folder.resolve("package.json"), "{\"private\": true, \"type\": \"module\"}\n");
        peer.npm();
        if (avx2) {
            peer.removeLongerVectors();
        }
        Files.createFile(done);
        return peer;
    }

    private static String platform() {
        return System.getProperty("os.arch").equals("aarch64") ? "linux-arm64" : "linux-x64";
    }

    private void npm() throws IOException {
        // Builds for graphics processors come as optional packages, half a gigabyte of them.
        List<String> command = List.of(
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--omit=optional",
                "node-llama-cpp@" + VERSION,
                "@node-llama-cpp/" + platform() + "@" + VERSION);
        Path log = folder.resolve("npm.log");
        try {
            Process npm = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (npm.waitFor() != 0) {
                throw new CommandFailure(
                        "npm could not install node-llama-cpp " + VERSION,
                        "What it said is in " + log + "; check the network, or npm's registry setting.");
            }
        } catch (IOException e) {
            throw new CommandFailure("npm cannot be run", "Install Node.js with npm, 20 or newer.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while npm installed node-llama-cpp", "Start it again.", e);
        }
    }

    private void removeLongerVectors() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (BEYOND_AVX2.stream().anyMatch(build -> name.equals("libggml-cpu-" + build + ".so"))) {
                    Files.delete(file);
                }
            }
        }
    }
}
