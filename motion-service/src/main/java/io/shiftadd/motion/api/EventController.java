package io.shiftadd.motion.api;

import io.shiftadd.http.problem.Fails;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.motion.session.Feed;
import io.shiftadd.motion.session.Frame;
import io.shiftadd.motion.session.MotionSession;
import io.shiftadd.motion.session.Sessions;
import io.shiftadd.motion.session.Turn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
@Tag(name = "Sessions")
class EventController {

    private static final Logger LOG = LoggerFactory.getLogger(EventController.class);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
    private static final String EXAMPLE = """
            retry: 1000
            event: turn
            data: {"number":1,"time":2.1,"text":"Give me your right paw.","applied":true,…}

            event: frame
            data: {"time":2.14,"pose":[0.0,…],"terms":{"height":0.004},"cost":0.03,"planMilliseconds":9.4,…}
            """;

    private final Simulator simulator;
    private final JsonMapper json;

    EventController(Simulator simulator, JsonMapper json) {
        this.simulator = simulator;
        this.json = json;
    }

    @GetMapping(path = "/api/v1/motion/sessions/{session}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Fails({ProblemType.LIBRARY_MISSING, ProblemType.SESSION_ENDED})
    @Operation(
            operationId = "followSession",
            summary = "Follow a session by server-sent events",
            description = "frame: the robot as it is, 25 times a second; a slow reader gets the newest, never a queue."
                    + " turn: what was asked for, every one in order, those before among them. end: why the session has"
                    + " ended, as {\"reason\": …}; nothing follows.")
    @ApiResponse(
            responseCode = "200",
            description = "Events; the data of each is a Frame, a Turn or a reason as JSON",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(oneOf = {Frame.class, Turn.class}),
                            examples = @ExampleObject(value = EXAMPLE)))
    void events(@PathVariable String session, @Parameter(hidden = true) HttpServletResponse response)
            throws IOException {
        MotionSession running = simulator.session(session);
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE + ";charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        // nginx would otherwise collect events before it passes them on
        response.setHeader("X-Accel-Buffering", "no");
        try (Sessions.Following _ = simulator.sessions().follow(session)) {
            write(running.feed(), response.getOutputStream());
        } catch (IOException e) {
            LOG.debug("Follower of session {} went away: {}", session, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Feed feed, OutputStream out) throws IOException, InterruptedException {
        send(out, "retry: 1000\n\n");
        long frame = 0;
        int last = 0;
        while (true) {
            Feed.News news = feed.await(frame, last, KEEP_ALIVE);
            StringBuilder text = new StringBuilder();
            for (Turn turn : news.turns()) {
                event(text, "turn", turn);
                last = turn.number();
            }
            if (news.frame() != null) {
                event(text, "frame", news.frame());
                frame = news.frame().number();
            }
            if (news.ended() != null) {
                event(text, "end", Map.of("reason", news.ended()));
            }
            send(out, text.isEmpty() ? ": keep-alive\n\n" : text.toString());
            if (news.ended() != null) {
                return;
            }
        }
    }

    private void event(StringBuilder text, String name, Object data) {
        text.append("event: ").append(name).append("\ndata: ");
        text.append(json.writeValueAsString(data)).append("\n\n");
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
