package io.shiftadd.cli.bench.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.shiftadd.cli.ShiftAdd;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchServeCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int serve(String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "bench";
        arguments[1] = "serve";
        System.arraycopy(options, 0, arguments, 2, options.length);
        return ShiftAdd.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void countsTokensAndTimesOfEveryStream(@TempDir Path directory) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String events = """
                data: {"choices": [{"text": "a"}]}

                data: {"choices": [{"text": "b"}]}

                data: {"choices": [], "usage": {"completion_tokens": 5}}

                data: [DONE]

                """;
        server.createContext("/v1/completions", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] bytes = events.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(bytes);
            }
        });
        try (ExecutorService executor = Executors.newCachedThreadPool()) {
            server.setExecutor(executor);
            server.start();
            Path json = directory.resolve("serve.json");
            int status = serve(
                    "--url=http://127.0.0.1:" + server.getAddress().getPort(),
                    "--model=any",
                    "--streams=1,3",
                    "--requests=2",
                    "--json=" + json);
            assertThat(status).as(err.toString()).isZero();
            JsonNode rows = JsonMapper.builder().build().readTree(Files.readAllBytes(json));
            assertThat(rows.path(0).path("tokens").asLong()).isEqualTo(2 * 5);
            assertThat(rows.path(1).path("tokens").asLong()).isEqualTo(3 * 2 * 5);
            assertThat(rows.path(1).path("tokens_per_second").asDouble()).isPositive();
            assertThat(rows.path(1).path("time_to_first_token_ms_p99").asDouble())
                    .isGreaterThanOrEqualTo(
                            rows.path(1).path("time_to_first_token_ms_p50").asDouble());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void saysHowToStartTheServices() {
        assertThat(serve("--url=http://127.0.0.1:1")).isNotZero();
        assertThat(err.toString()).contains("./shiftadd up");
    }

    @Test
    void aQuantileIsAValueThatWasMeasured() {
        double[] sorted = {1, 2, 3, 4};
        assertThat(BenchServeCommand.quantile(sorted, 0.5)).isEqualTo(2);
        assertThat(BenchServeCommand.quantile(sorted, 0.99)).isEqualTo(4);
        assertThat(BenchServeCommand.quantile(new double[0], 0.99)).isZero();
    }
}
