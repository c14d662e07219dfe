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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchSpeculationCommandTest {

    private static final byte[] EVENTS = """
            data: {"choices": [{"text": "a"}]}

            data: {"choices": [{"text": "b"}]}

            data: {"choices": [], "usage": {"completion_tokens": 5}}

            data: [DONE]

            """.getBytes(StandardCharsets.UTF_8);

    private static HttpServer service(List<String> bodies) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/completions", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, EVENTS.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(EVENTS);
            }
        });
        server.start();
        return server;
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Test
    void asksBothServicesTheSameAndTellsEachText() throws IOException {
        List<String> one = new CopyOnWriteArrayList<>();
        List<String> other = new CopyOnWriteArrayList<>();
        HttpServer with = service(one);
        HttpServer without = service(other);
        StringWriter out = new StringWriter();
        try {
            int status = new CommandLine(new BenchSpeculationCommand())
                    .setOut(new PrintWriter(out))
                    .execute("--with", url(with), "--without", url(without), "--model", "any", "--rounds", "2");
            assertThat(status).isZero();
        } finally {
            with.stop(0);
            without.stop(0);
        }
        assertThat(out.toString()).contains("quotation", "code edit", "prose");
        assertThat(one.stream().map(BenchSpeculationCommandTest::sorted))
                .hasSize(9)
                .containsExactlyElementsOf(
                        other.stream().map(BenchSpeculationCommandTest::sorted).toList());
    }

    /** Fields may come in any order. */
    private static String sorted(String body) {
        return body.chars()
                .sorted()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
