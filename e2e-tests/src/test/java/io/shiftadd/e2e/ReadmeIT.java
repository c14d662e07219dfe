package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shiftadd.cli.stack.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The commands of the README, as they stand there: those of blocks that are marked sh or console. */
class ReadmeIT {

    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(?:sh|console)\\n(.*?)^```$");
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-f-]{36})\"");

    /** What takes more than this test's stack: a build, or the Hub. */
    private static final Pattern ELSEWHERE =
            Pattern.compile("\\./shiftadd (demo|test)\\b.*|.*\"repository\".*|.*/imports/.*");

    /** So that a job is done in seconds; what it is asked for stays. */
    private static final String QUICK =
            ", \"samples\": 4, \"sequenceLength\": 32, \"evaluationWindows\": 2, \"rounds\": 2}'";

    private static String readme;
    private static Platform platform;
    private static Registry registry;

    @BeforeAll
    static void prepare() throws IOException {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/curl")) && Files.isExecutable(Path.of("/bin/bash")),
                "there is no curl, or no bash");
        readme = Files.readString(CHECKOUT.resolve("README.md"));
        platform = Platform.get();
        registry = new Registry(platform);
        registry.importSample("llama-mini");
        Path tasks = Files.createDirectories(platform.data().resolve("tasks"));
        Files.writeString(tasks.resolve("copa.jsonl"), """
                {"query": "It rained, therefore", "choices": ["the street was wet.", "the sun was a stone."], "gold": 0}
                {"query": "Lily was tired, so", "choices": ["she ate the moon.", "she went to bed."], "gold": 1}
                """);
        registry.awaitSuccess(registry.submit("""
                {"model": "llama-mini", "method": "acc", "bits": 3, "name": "llama-mini-acc-3bit", "samples": 4,
                 "sequenceLength": 32, "evaluationWindows": 2, "rounds": 2}"""));
    }

    /** Continued lines are one; what a block shows of an answer is none. */
    private static List<String> commands() {
        List<String> commands = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(readme);
        while (blocks.find()) {
            String block = blocks.group(1).replace("\\\n", " ");
            boolean shown = block.startsWith("$ ");
            block.lines()
                    .filter(line -> !shown || line.startsWith("$ "))
                    .map(line -> line.replaceFirst("^\\$ ", "")
                            .replaceFirst("\\s+# .*", "")
                            .strip())
                    .filter(line -> !line.isEmpty())
                    .forEach(commands::add);
        }
        return commands;
    }

    @Test
    void everyCommandThatThisStackCanDoIsDone() throws Exception {
        List<String> done = new ArrayList<>();
        String id = "";
        for (String command : commands()) {
            if (ELSEWHERE.matcher(command).matches()) {
                continue;
            }
            String answer = command.startsWith("./shiftadd ") ? shiftadd(command) : curl(command.replace("<id>", id));
            assertThat(answer).as(command).isNotBlank();
            Matcher made = ID.matcher(answer);
            if (command.contains(" -d ") && made.find()) {
                id = made.group(1);
            }
            if (command.contains("/api/v1/jobs ")) {
                registry.awaitSuccess(id);
            }
            done.add(command);
        }
        assertThat(done).hasSizeGreaterThanOrEqualTo(8);
        assertThat(done).anyMatch(command -> command.startsWith("./shiftadd run"));
    }

    private static String shiftadd(String command) {
        Program program = new Program(Map.of(
                "SHIFTADD_REGISTRY_URL", platform.url(Service.REGISTRY),
                "SHIFTADD_INFERENCE_URL", platform.url(Service.INFERENCE)));
        Program.Ended ended = program.runWith(
                "Once upon a time\n", command.substring("./shiftadd ".length()).split(" "));
        assertThat(ended.status()).as(ended.err()).isZero();
        return ended.out();
    }

    private static String curl(String command) throws IOException, InterruptedException {
        String here = command.replaceAll("(localhost|127\\.0\\.0\\.1):8080", address(Service.REGISTRY))
                .replaceAll("(localhost|127\\.0\\.0\\.1):8082", address(Service.INFERENCE));
        if (here.contains("\"bits\"")) {
            here = here.replaceFirst("}'$", Matcher.quoteReplacement(QUICK));
        }
        Process process = new ProcessBuilder(
                        "bash", "-c", "curl() { command curl -sS --fail-with-body --max-time 90 \"$@\"; }; " + here)
                .directory(CHECKOUT.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(here + ": " + output).isZero();
        return output;
    }

    private static String address(Service service) {
        return platform.url(service).replaceFirst("^http://", "");
    }

    @Test
    void everyCommandThatIsNamedIsOneOfTheLauncher() throws IOException {
        String launcher = Files.readString(CHECKOUT.resolve("shiftadd"));
        Set<String> named = new TreeSet<>();
        Matcher commands = Pattern.compile("\\./shiftadd ([a-z]+)").matcher(readme);
        while (commands.find()) {
            named.add(commands.group(1));
        }
        assertThat(named)
                .hasSizeGreaterThan(10)
                .allSatisfy(command -> assertThat(launcher)
                        .containsPattern("(?m)^    ([a-z| -]*\\| )?" + command + "( \\|[^)]*)?\\)"));
    }
}
