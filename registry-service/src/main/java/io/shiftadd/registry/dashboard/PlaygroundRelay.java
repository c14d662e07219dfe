package io.shiftadd.registry.dashboard;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Passes what the playground and the chat ask on to the inference-service and its answers back as they come, so that
 * these pages talk to their own origin only and no browser needs a key for inference. Runs on the request's own
 * (virtual) thread; when the browser goes, the connection to the service is closed, which stops the generation.
 */
@Hidden
@RestController
class PlaygroundRelay {

    private static final Logger log = LoggerFactory.getLogger(PlaygroundRelay.class);

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int BUFFER_BYTES = 8192;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final DashboardProperties properties;
    private final Tracer tracer;
    private final Propagator propagator;

    PlaygroundRelay(DashboardProperties properties, Tracer tracer, Propagator propagator) {
        this.properties = properties;
        this.tracer = tracer;
        this.propagator = propagator;
    }

    @PostMapping(path = "/playground/completions", consumes = MediaType.APPLICATION_JSON_VALUE)
    void playground(@RequestBody byte[] body, HttpServletResponse response) throws IOException, InterruptedException {
        pass("/v1/completions", body, response);
    }

    @PostMapping(path = "/chat/completions", consumes = MediaType.APPLICATION_JSON_VALUE)
    void playgroundChat(@RequestBody byte[] body, HttpServletResponse response)
            throws IOException, InterruptedException {
        pass("/v1/chat/completions", body, response);
    }

    @PostMapping(path = "/playground/classifications", consumes = MediaType.APPLICATION_JSON_VALUE)
    void playgroundImages(@RequestBody byte[] body, HttpServletResponse response)
            throws IOException, InterruptedException {
        pass("/v1/images/classifications", body, response);
    }

    private void pass(String path, byte[] body, HttpServletResponse response) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = ask(path, body);
        try (InputStream in = answer.body()) {
            response.setStatus(answer.statusCode());
            response.setContentType(
                    answer.headers().firstValue("Content-Type").orElse(MediaType.APPLICATION_JSON_VALUE));
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("X-Accel-Buffering", "no");
            relay(in, response.getOutputStream());
        } catch (IOException e) {
            log.debug("A playground's stream broke off: {}", e.getMessage());
        }
    }

    private HttpResponse<InputStream> ask(String path, byte[] body) throws InterruptedException {
        String base = properties.inferenceUrl().toString().replaceFirst("/+$", "");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(properties.playgroundTimeout())
                .header("Content-Type", MediaType.APPLICATION_JSON_VALUE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!properties.inferenceApiKey().isBlank()) {
            request.header(
                    "Authorization", "Bearer " + properties.inferenceApiKey().strip());
        }
        Span span = tracer.currentSpan();
        if (span != null) {
            // both services' spans are of one trace
            propagator.inject(span.context(), request, (_, name, value) -> request.setHeader(name, value));
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (HttpTimeoutException e) {
            throw unavailable(
                    "has not answered for " + properties.playgroundTimeout().toSeconds() + " s");
        } catch (IOException e) {
            log.info("The inference-service cannot be reached: {}", e.toString());
            throw unavailable("cannot be reached");
        }
    }

    private ProblemException unavailable(String what) {
        return new ProblemException(
                ProblemType.UNAVAILABLE,
                "The inference-service at " + properties.inferenceUrl() + " " + what
                        + ". Start it (./shiftadd up), or set shiftadd.dashboard.inference-url.");
    }

    private static void relay(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
            out.flush();
        }
    }
}
