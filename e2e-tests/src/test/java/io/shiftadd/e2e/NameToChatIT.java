package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shiftadd.registry.hub.HubServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * From a model's name to a chat with one command, where nothing was before but the build and a Hub: no data directory,
 * no database, no service.
 */
class NameToChatIT {

    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final Path DATA = Path.of("target", "from-nothing").toAbsolutePath();
    private static final Path INSTRUCTED =
            CHECKOUT.resolve("../shared/models/motion-mini").normalize();
    private static final String REPOSITORY = "sample/llama-mini";

    private static HubServer hub;
    private static Program shiftadd;
    private static Program.Ended first;

    @BeforeAll
    static void fromNothingToAnAnswer() throws IOException {
        FileSystemUtils.deleteRecursively(DATA);
        int port = freePort();
        hub = HubServer.start(port, port);
        hub.serve(REPOSITORY, CHECKOUT.resolve("samples/llama-mini"), HubServer.Odd.NOTHING, hub);
        Map<String, String> environment = new HashMap<>();
        environment.put("SHIFTADD_DATA_DIRECTORY", DATA.toString());
        environment.put("SHIFTADD_STARTUP_CACHE", "off");
        environment.put("HF_ENDPOINT", "http://127.0.0.1:" + port + "/hub");
        environment.put("HF_HOME", DATA.resolve("hf").toString());
        for (String service : List.of("REGISTRY", "QUANTIZE", "INFERENCE", "POSTGRES")) {
            environment.put("SHIFTADD_" + service + "_PORT", Integer.toString(freePort()));
        }
        shiftadd = new Program(environment);
        first = ask(REPOSITORY, "Once upon a time");
    }

    @AfterAll
    static void stop() {
        if (shiftadd != null) {
            shiftadd.run("down");
            hub.close();
        }
    }

    private static Program.Ended ask(String model, String question, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("run", model, question, "--json", "--max-tokens", "12", "--temperature", "0"));
        arguments.addAll(List.of(more));
        return shiftadd.run(arguments.toArray(String[]::new));
    }

    private static JsonNode answer(Program.Ended ended) {
        assertThat(ended.status()).as(ended.err()).isZero();
        return JsonMapper.shared().readTree(ended.out());
    }

    @Test
    void oneCommandStartsTheStackPullsTheModelAndAnswers() {
        JsonNode answer = answer(first);
        assertThat(answer.path("content").asString()).isNotBlank();
        assertThat(answer.path("completion_tokens").asInt()).isBetween(2, 12);
        assertThat(answer.path("first_token_milliseconds").asInt()).isPositive();
        assertThat(first.err())
                .contains("postgres", "registry", "quantize", "inference", "pulling " + REPOSITORY)
                .contains(REPOSITORY + " is here: 6.57 MB");
    }

    @Test
    void asksTheHubOnceAndNeverAgain() {
        hub.requests.clear();
        JsonNode again = answer(ask(REPOSITORY, "Once upon a time"));
        assertThat(again.path("content")).isEqualTo(answer(first).path("content"));
        assertThat(hub.requests).isEmpty();
    }

    @Test
    void aQuestionMayComeThroughAPipe() {
        Program.Ended piped =
                shiftadd.runWith("Once upon a time\n", "run", "llama-mini", "--max-tokens", "12", "--temperature", "0");
        assertThat(piped.status()).as(piped.err()).isZero();
        assertThat(piped.out().stripTrailing())
                .isEqualTo(answer(first).path("content").asString().stripTrailing());
    }

    @Test
    void quantizesFirstWhereAskedAndOnce() {
        String[] recipe = {"--bits", "2", "--samples", "4", "--sequence-length", "64"};
        Program.Ended made = ask(REPOSITORY, "Once upon a time", recipe);
        assertThat(answer(made).path("model").asString()).isEqualTo("llama-mini-acc-2bit");
        assertThat(made.err()).contains("block 6/6");
        Program.Ended again = ask(REPOSITORY, "Once upon a time", recipe);
        assertThat(answer(again).path("content")).isEqualTo(answer(made).path("content"));
        assertThat(again.err()).contains("was made before").doesNotContain("block 1/6");

        assertThat(shiftadd.run("list", "--names").out().lines()).contains("llama-mini", "llama-mini-acc-2bit");
        assertThat(shiftadd.run("ps").out()).contains("llama-mini-acc-2bit").contains("in memory");
        assertThat(shiftadd.run("show", "llama-mini-acc-2bit").out())
                .contains("made from", "llama-mini", "perplexity", "acc 2.00");
        assertThat(shiftadd.run("jobs").out()).contains("llama-mini-acc-2bit", "succeeded", "100 %");
        Program.Ended inUse = shiftadd.run("rm", "llama-mini");
        assertThat(inUse.status()).isEqualTo(1);
        assertThat(inUse.err()).contains("llama-mini-acc-2bit");
    }

    @Test
    void aModelThatIsRemovedLeavesNoFiles() {
        hub.serve("sample/other", CHECKOUT.resolve("samples/opt-mini"), HubServer.Odd.NOTHING, hub);
        Program.Ended pulled = shiftadd.run("pull", "sample/other", "--json");
        Path files = Path.of(
                JsonMapper.shared().readTree(pulled.out()).path("location").asString());
        assertThat(files.resolve("model.safetensors")).exists();
        assertThat(answer(ask("other", "Once")).path("content").asString()).isNotBlank();
        assertThat(shiftadd.run("rm", "other").status()).isZero();
        assertThat(files).doesNotExist();
        assertThat(shiftadd.run("list", "--names").out().lines()).doesNotContain("other");
    }

    @Test
    void aDirectoryOutsideOfTheRootsIsLinkedToAndItsLinksGoWithTheModel(
            @org.junit.jupiter.api.io.TempDir Path directory) throws IOException {
        Path own = directory.resolve("my-model");
        FileSystemUtils.copyRecursively(CHECKOUT.resolve("samples/opt-mini"), own);
        assertThat(answer(ask(own.toString(), "Once")).path("model").asString()).isEqualTo("my-model");
        assertThat(DATA.resolve("models/local/my-model/model.safetensors")).exists();
        assertThat(shiftadd.run("rm", "my-model").status()).isZero();
        assertThat(DATA.resolve("models/local/my-model")).doesNotExist();
        assertThat(own.resolve("model.safetensors")).exists();
    }

    @Test
    void whatCannotBeSaysWhyAndWhatToDoWithoutAStackTrace() {
        Map<String, String> expected = Map.of("sample/nothing", "sample/nothing", "./nowhere", "does not exist");
        expected.forEach((model, said) -> {
            Program.Ended refused = ask(model, "Hello");
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.err()).contains("shiftadd: ", said).doesNotContain("\tat ", "Exception");
        });
        Program.Ended bits = shiftadd.run("quantize", "llama-mini", "--bits", "7");
        assertThat(bits.err())
                .contains("bits is 7; allowed: a whole number from 2 to 4")
                .doesNotContain("\tat ");
        assertThat(shiftadd.run("run").status()).isEqualTo(2);
    }

    /** The instruct-tuned toy, with its chat template, at a terminal. */
    @Test
    void aConversationAtTheTerminal() throws IOException, InterruptedException {
        assumeTrue(Files.isDirectory(INSTRUCTED), "no instruct-tuned toy at " + INSTRUCTED);
        assumeTrue(onPath("script"), "there is no script(1) to make a terminal with");
        answer(ask(INSTRUCTED.toString(), "Walk forward."));
        List<String> command = new ArrayList<>(Program.line());
        command.addAll(List.of("run", "motion-mini", "--temperature", "0"));
        ProcessBuilder builder = shiftadd.builder(List.of());
        builder.command("script", "-qfec", "stty cols 100 rows 40; " + String.join(" ", command), "/dev/null");
        builder.environment().put("TERM", "xterm");
        Process process = builder.redirectErrorStream(true).start();
        Screen screen = new Screen(process.getInputStream());
        String shown;
        try (OutputStream keys = process.getOutputStream()) {
            screen.awaitAtEnd(">>> ");
            type(keys, "/set max_completion_tokens 9\n");
            screen.awaitAtEnd(">>> ");
            type(keys, "Walk forward.\n");
            screen.awaitAtEnd(">>> ");
            type(keys, "\"\"\"Face the\n");
            screen.awaitAtEnd("... ");
            type(keys, "sunrise.\"\"\"\n");
            screen.awaitAtEnd(">>> ");
            type(keys, "/bye\n");
            shown = screen.text();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(shown).containsPattern("9 tokens, first after \\d+ ms, then \\d+ a second \\(length\\)");
        assertThat(shown).contains("{\"torso\"");
    }

    private static void type(OutputStream keys, String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    /** What has been shown so far. */
    private static final class Screen {

        private final InputStream stream;
        private final StringBuilder shown = new StringBuilder();

        private Screen(InputStream stream) {
            this.stream = stream;
        }

        /** Reads until the screen ends with the text, which was not there before. */
        void awaitAtEnd(String end) throws IOException {
            int from = shown.length();
            int next;
            while (shown.indexOf(end, from) < 0) {
                next = stream.read();
                assertThat(next).as("the end of %s", shown).isNotNegative();
                shown.append((char) next);
            }
        }

        String text() throws IOException {
            shown.append(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            return shown.toString();
        }
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
