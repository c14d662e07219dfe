package io.shiftadd.motion.api;

import io.shiftadd.http.problem.Fails;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.motion.session.Frame;
import io.shiftadd.motion.session.MotionSession;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
@Tag(name = "Sessions")
class RecordingController {

    private static final String LINES = "application/x-ndjson";
    private static final String CSV = "text/csv";

    private final Simulator simulator;
    private final JsonMapper json;

    RecordingController(Simulator simulator, JsonMapper json) {
        this.simulator = simulator;
        this.json = json;
    }

    @GetMapping(
            path = "/api/v1/motion/sessions/{session}/recording",
            produces = {LINES, CSV})
    @Fails({ProblemType.LIBRARY_MISSING, ProblemType.SESSION_ENDED, ProblemType.INVALID_FIELD})
    @Operation(
            operationId = "getRecording",
            summary = "The run so far",
            description =
                    "The last ten minutes, 25 frames a second. As JSON lines: a head with the turns, then a frame a"
                            + " line with joints, pose and reward terms. As CSV: time and joints.")
    @ApiResponse(
            responseCode = "200",
            description = "The run",
            content = {
                @Content(mediaType = LINES, schema = @Schema(type = "string")),
                @Content(mediaType = CSV, schema = @Schema(type = "string"))
            })
    void recording(
            @PathVariable String session,
            @Parameter(description = "jsonl or csv", example = "csv") @RequestParam(defaultValue = "jsonl")
                    String format,
            @Parameter(hidden = true) HttpServletResponse response)
            throws IOException {
        if (!format.equals("jsonl") && !format.equals("csv")) {
            throw ProblemException.invalid(
                    "format",
                    "is '" + io.shiftadd.http.Shown.of(format) + "'",
                    "jsonl or csv",
                    "leave it out for jsonl");
        }
        MotionSession running = simulator.session(session);
        boolean table = format.equals("csv");
        response.setContentType((table ? CSV : LINES) + ";charset=UTF-8");
        response.setHeader(
                "Content-Disposition",
                "attachment; filename=\"motion-" + running.id() + (table ? ".csv" : ".jsonl") + "\"");
        Writer out = response.getWriter();
        if (table) {
            table(running, out);
        } else {
            lines(running, out);
        }
    }

    private void lines(MotionSession session, Writer out) throws IOException {
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("session", session.id());
        head.put("joints", session.scene().positionNames());
        head.put("framesForgotten", session.recording().forgotten());
        head.put("turns", session.feed().turns());
        out.append(json.writeValueAsString(head)).append('\n');
        for (Frame frame : session.recording().frames()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("time", frame.time());
            line.put("turn", frame.turn());
            line.put("joints", frame.joints());
            line.put("terms", frame.terms());
            line.put("cost", frame.cost());
            line.put("planMilliseconds", frame.planMilliseconds());
            line.put("samples", frame.samples());
            out.append(json.writeValueAsString(line)).append('\n');
        }
    }

    private static void table(MotionSession session, Writer out) throws IOException {
        out.append("time,")
                .append(String.join(",", session.scene().positionNames()))
                .append("\r\n");
        for (Frame frame : session.recording().frames()) {
            out.append(Double.toString(frame.time()));
            for (double joint : frame.joints()) {
                out.append(',').append(Double.toString(joint));
            }
            out.append("\r\n");
        }
    }
}
