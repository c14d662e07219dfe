package io.shiftadd.cli.bench.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

class BenchPrefixCommandTest {

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    private HttpServer service(int cached) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath();
            boolean completion = path.equals("/v1/completions");
            asked.add(
                    completion
                            ? JsonMapper.shared().readTree(body).at("/prompt").stringValue()
                            : path);
            String text = """
                    data: {"choices": [{"text": "a"}]}

                    data: {"choices": [], "usage": {"completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": %d}}}

                    data: [DONE]

                    """.formatted(cached);
            byte[] answer = (completion ? text : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer);
            }
        });
        server.start();
        return server;
    }

    private int run(HttpServer server, StringWriter out) {
        try {
            return new CommandLine(new BenchPrefixCommand())
                    .setOut(new PrintWriter(out))
                    .setErr(new PrintWriter(out))
                    .execute(
                            "--url",
                            "http://127.0.0.1:" + server.getAddress().getPort(),
                            "--model",
                            "any",
                            "--rounds",
                            "2");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void asksTheSameBeforeAndAfterTheModelWasUnloaded() throws IOException {
        StringWriter out = new StringWriter();
        assertThat(run(service(128), out)).isZero();
        assertThat(out.toString()).contains("128 tokens", "computed", "read from disk", "in memory");
        List<String> round = asked.subList(1, 6);
        assertThat(round.get(1)).isEqualTo("/v1/models/any/unload");
        assertThat(round.get(2)).isEqualTo("/v1/models/any/load");
        assertThat(round.get(3)).isEqualTo(round.get(0)).isEqualTo(round.get(4));
        assertThat(asked.get(6)).isNotEqualTo(round.getFirst());
    }

    @Test
    void saysWhenNothingCameFromDisk() throws IOException {
        StringWriter out = new StringWriter();
        assertThat(run(service(0), out)).isNotZero();
        assertThat(out.toString()).contains("nothing of the prompt was read from disk");
    }
}
