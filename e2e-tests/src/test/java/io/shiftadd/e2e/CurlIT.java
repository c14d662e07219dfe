package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shiftadd.cli.stack.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands that a reader of the documentation types. */
class CurlIT {

    private static String url;

    @BeforeAll
    static void connect() {
        assumeTrue(runs("curl", "--version"), "curl is not installed");
        new Registry(Platform.get()).importSample("llama-mini");
        url = Platform.get().url(Service.INFERENCE);
    }

    private static boolean runs(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String curl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "60"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static String post(String path, String body, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of(url + path, "-H", "Content-Type: application/json", "-d", body));
        return curl(arguments.toArray(String[]::new));
    }

    @Test
    void asksForHealthAndModels() throws Exception {
        assertThat(curl(url + "/health")).isEqualTo("{\"status\":\"ok\"}");
        assertThat(JsonMapper.shared().readTree(curl(url + "/v1/models")).at("/data"))
                .isNotEmpty();
    }

    @Test
    void completes() throws Exception {
        JsonNode answer = JsonMapper.shared()
                .readTree(post(
                        "/v1/completions", "{\"model\":\"llama-mini\",\"prompt\":\"Once upon a time\",\"seed\":1}"));
        assertThat(answer.at("/choices/0/text").asString()).isNotEmpty();
    }

    @Test
    void streamsEventByEvent() throws Exception {
        String events = post(
                "/v1/chat/completions",
                "{\"model\":\"llama-mini\",\"stream\":true,\"max_tokens\":8,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}",
                "-N");
        List<String> lines = events.lines().filter(line -> !line.isEmpty()).toList();
        assertThat(lines).hasSizeGreaterThan(3).allMatch(line -> line.startsWith("data: "));
        assertThat(lines.getLast()).isEqualTo("data: [DONE]");
    }

    @Test
    void isToldWhatIsWrong() throws Exception {
        String answer = post(
                "/v1/completions",
                "{\"model\":\"llama-mini\",\"prompt\":\"a\",\"max_tokenz\":3}",
                "-w",
                "\\n%{http_code}");
        assertThat(answer).endsWith("\n400").contains("max_tokens").contains("invalid_request_error");
        // What curl sends without a Content-Type header is a form; a foreign web page could send that too.
        assertThat(curl(url + "/v1/completions", "-d", "{}", "-w", "\\n%{http_code}"))
                .endsWith("\n415")
                .contains("application/json");
    }
}
