package io.shiftadd.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The built command line as a process of its own, as {@code ./shiftadd} runs it, with an environment of its own. */
final class Program {

    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final int LONGEST_MINUTES = 5;

    private final Map<String, String> environment;

    Program(Map<String, String> environment) {
        this.environment = environment;
    }

    /** @param out standard output */
    record Ended(int status, String out, String err) {}

    Ended run(String... arguments) {
        return runWith("", arguments);
    }

    /** @param in standard input, to its end */
    Ended runWith(String in, String... arguments) {
        try {
            Process process = builder(List.of(arguments)).start();
            CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            process.getOutputStream().write(in.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", arguments) + " does not end; it said " + err.join());
            }
            return new Ended(process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    ProcessBuilder builder(List<String> arguments) {
        List<String> command = new ArrayList<>(line());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("SHIFTADD_") || name.startsWith("HF_"));
        builder.environment().put("SHIFTADD_HOME", CHECKOUT.toString());
        builder.environment().put("SHIFTADD_BUILD_FOLDER", "target");
        builder.environment().putAll(environment);
        return builder;
    }

    /** The words that start it. */
    static List<String> line() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                jar().toString());
    }

    private static Path jar() {
        Path folder = CHECKOUT.resolve("cli/target");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith("-exec.jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no cli-*-exec.jar in " + folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
