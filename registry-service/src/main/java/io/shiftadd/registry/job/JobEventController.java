package io.shiftadd.registry.job;

import io.shiftadd.http.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Jobs")
class JobEventController {

    private static final Logger log = LoggerFactory.getLogger(JobEventController.class);

    private static final Pattern ID = Pattern.compile("\\d{1,18}");

    private static final String EXAMPLE = """
            retry: 2000
            id: 17
            event: state
            data: {"id":17,"jobId":"4b4d9d1e-6a1f-4c5e-9f0e-2b8a5f6f1c11","at":"2026-01-01T12:00:00Z","type":"state","data":{"state":"RUNNING","from":"QUEUED","attempt":1}}

            : keep-alive
            """;

    private final JobDesk desk;
    private final JobEventStream stream;

    JobEventController(JobDesk desk, JobEventStream stream) {
        this.desk = desk;
        this.stream = stream;
    }

    @GetMapping(path = "/api/v1/jobs/{job}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            operationId = "followJob",
            summary = "Follow a job by server-sent events",
            description = "Sends the job's whole history, then its events as they happen, and ends when the job has"
                    + " ended. Each event's data is a JobEvent. A client that comes back with Last-Event-ID is sent what"
                    + " it has missed; one that has missed nothing of a job that has ended gets 204, which tells an"
                    + " EventSource to stop. Comments keep idle connections open.")
    @ApiResponse(
            responseCode = "200",
            description = "Events; the data of each is a JobEvent as JSON",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = JobEvent.class),
                            examples = @ExampleObject(value = EXAMPLE)))
    @ApiResponse(
            responseCode = "204",
            description = "The job has ended and the client has seen every event",
            content = @Content)
    void events(
            @PathVariable UUID job,
            @Parameter(description = "Id of the last event that the client has seen", example = "17")
                    @RequestHeader(name = "Last-Event-ID", required = false)
                    @Nullable
                    String lastEventId,
            @Parameter(description = "The same for clients that cannot set the header")
                    @RequestParam(name = "lastEventId", required = false)
                    @Nullable
                    String parameter,
            @Parameter(hidden = true) HttpServletResponse response)
            throws IOException {
        String text = lastEventId == null ? parameter : lastEventId;
        if (text != null && !ID.matcher(text).matches()) {
            throw ProblemException.invalid("Last-Event-ID", "is '" + text + "'", "the id of an event", "leave it out");
        }
        long after = text == null ? 0 : Long.parseLong(text);
        desk.get(job);
        if (text != null && stream.isExhausted(job, after)) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE + ";charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        // nginx would otherwise collect events before it passes them on
        response.setHeader("X-Accel-Buffering", "no");
        try {
            stream.write(job, after, response.getOutputStream());
        } catch (IOException e) {
            log.debug("Follower of job {} went away: {}", job, e.getMessage());
        }
    }
}
