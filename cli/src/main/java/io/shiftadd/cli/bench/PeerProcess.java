package io.shiftadd.cli.bench;

import io.shiftadd.cli.CommandFailure;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model in llama.cpp, in a process of its own, which measures when it is asked to and sleeps in between. */
final class PeerProcess implements AutoCloseable {

    private static final Pattern BUILD = Pattern.compile("libggml-cpu-([a-z0-9]+)\\.so");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Process process;
    private final BufferedReader in;
    private final BufferedWriter out;
    private final Path log;

    /** Seconds that a prompt, and the tokens after it, took. */
    record Round(double prompt, double decode) {}

    private PeerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        in = process.inputReader();
        out = process.outputWriter();
    }

    /** Starts it and waits until the model is loaded. */
    static PeerProcess start(PeerInstallation peer, Path model, int threads, int vocabulary) throws IOException {
        Path script = peer.folder().resolve("peer.mjs");
        try (InputStream source = Objects.requireNonNull(PeerProcess.class.getResourceAsStream("peer.mjs"))) {
            Files.write(script, source.readAllBytes());
        }
        Path log = peer.folder().resolve("peer.log");
        Process process = new ProcessBuilder(
                        "node",
                        script.toString(),
                        peer.folder().toString(),
                        model.toString(),
                        String.valueOf(threads),
                        String.valueOf(vocabulary))
                .redirectError(log.toFile())
                .start();
        PeerProcess started = new PeerProcess(process, log);
        started.answer();
        return started;
    }

    Round round(int prompt, int tokens) throws IOException {
        out.write(prompt + " " + tokens + "\n");
        out.flush();
        JsonNode answer = answer();
        return new Round(
                answer.path("prompt").doubleValue(), answer.path("decode").doubleValue());
    }

    /** Which of llama.cpp's builds it has chosen for this processor, by what it has mapped. */
    String build() throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc", String.valueOf(process.pid()), "maps"))) {
            return maps.map(BUILD::matcher)
                    .filter(Matcher::find)
                    .map(match -> match.group(1))
                    .findFirst()
                    .orElse("one build for all");
        }
    }

    private JsonNode answer() throws IOException {
        String line = in.readLine();
        while (line != null && !line.startsWith("{")) {
            line = in.readLine();
        }
        if (line == null) {
            throw new CommandFailure(
                    "llama.cpp ended without an answer",
                    "What it said is in " + log + "; leave the format out with --formats if its build lacks it.");
        }
        return JSON.readTree(line);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
