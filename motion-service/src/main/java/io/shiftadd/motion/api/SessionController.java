package io.shiftadd.motion.api;

import io.shiftadd.http.problem.Fails;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.motion.description.RobotKind;
import io.shiftadd.motion.instruction.Interpreter;
import io.shiftadd.motion.instruction.Understood;
import io.shiftadd.motion.reward.Reward;
import io.shiftadd.motion.reward.RewardTranslation;
import io.shiftadd.motion.session.MotionSession;
import io.shiftadd.motion.session.Sessions;
import io.shiftadd.motion.session.Turn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/api/v1/motion/sessions", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Sessions")
class SessionController {

    private static final String JSON = MediaType.APPLICATION_JSON_VALUE;

    private final Simulator simulator;
    private final Interpreter interpreter;

    SessionController(Simulator simulator, Interpreter interpreter) {
        this.simulator = simulator;
        this.interpreter = interpreter;
    }

    @PostMapping
    @Fails({ProblemType.TOO_MANY_SESSIONS, ProblemType.LIBRARY_MISSING, ProblemType.INVALID_FIELD})
    @Operation(
            operationId = "beginSession",
            summary = "Begin a session",
            description = "A robot that stands and faces east, or an arm at rest, in real time. A session that nobody"
                    + " follows or talks to ends after a while; at most as many run as the machine has processors.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = false,
                            content =
                                    @Content(
                                            mediaType = JSON,
                                            schema = @Schema(implementation = SessionRequest.class))))
    @ApiResponse(responseCode = "201", description = "The session, which runs")
    ResponseEntity<SessionView> begin(@RequestBody(required = false) byte @Nullable [] body) {
        SessionRequest request = SessionRequest.read(body);
        Sessions sessions = simulator.sessions();
        MotionSession session = sessions.open(request.robot(), request.seed())
                .orElseThrow(() -> new ProblemException(
                        ProblemType.TOO_MANY_SESSIONS,
                        sessions.settings().most()
                                + " sessions run, which is as many as may. End one, or wait: one that"
                                + " nobody uses ends after "
                                + sessions.settings().idle().toSeconds() + " s."));
        return ResponseEntity.created(URI.create("/api/v1/motion/sessions/" + session.id()))
                .body(SessionView.of(session));
    }

    @GetMapping
    @Fails(ProblemType.LIBRARY_MISSING)
    @Operation(operationId = "listSessions", summary = "The sessions that run")
    SessionList list() {
        return new SessionList(
                simulator.sessions().all().stream().map(SessionView::of).toList());
    }

    @GetMapping("/{session}")
    @Fails({ProblemType.LIBRARY_MISSING, ProblemType.SESSION_ENDED})
    @Operation(operationId = "getSession", summary = "A session as it is now")
    SessionView get(@PathVariable String session) {
        return SessionView.of(simulator.session(session));
    }

    @DeleteMapping("/{session}")
    @Fails(ProblemType.LIBRARY_MISSING)
    @Operation(operationId = "endSession", summary = "End a session")
    @ApiResponse(responseCode = "204", description = "It has ended")
    ResponseEntity<Void> end(@PathVariable String session) {
        if (!simulator.sessions().end(session)) {
            simulator.session(session);
        }
        return ResponseEntity.noContent().build();
    }

    @PostMapping(path = "/{session}/instructions", consumes = JSON)
    @Fails({ProblemType.LIBRARY_MISSING, ProblemType.SESSION_ENDED, ProblemType.LANGUAGE_MODEL_UNAVAILABLE})
    @Operation(
            operationId = "instruct",
            summary = "Tell the robot what to do",
            description =
                    "Answers when the first plan with the new reward is made. Words go to the language model; when"
                            + " it makes of them what cannot be, the answer says so (applied is false, problem has why), and the"
                            + " robot goes on as before.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = JSON,
                                            schema = @Schema(implementation = InstructionRequest.class))))
    Turn instruct(@PathVariable String session, @RequestBody byte[] body) throws InterruptedException {
        long since = System.nanoTime();
        MotionSession running = simulator.session(session);
        RobotKind robot = running.scene().kind();
        InstructionRequest request = InstructionRequest.read(robot, body);
        Sessions sessions = simulator.sessions();
        if (request.reward() != null) {
            return sessions.apply(running, request.text(), null, request.reward(), since);
        }
        if (request.description() != null) {
            Reward reward = RewardTranslation.of(request.description());
            return sessions.apply(running, request.text(), request.description(), reward, since);
        }
        String text = java.util.Objects.requireNonNull(request.text());
        List<Interpreter.Before> before = running.chatter().understood().stream()
                .map(said -> new Interpreter.Before(said.text(), said.meaning()))
                .toList();
        try (Sessions.Following _ = sessions.follow(session)) {
            return switch (interpreter.interpret(robot, text, before)) {
                case Understood.Meaning(var description) ->
                    sessions.apply(running, text, description, RewardTranslation.of(description), since);
                case Understood.Nonsense(var problem) -> sessions.refuse(running, text, problem);
            };
        }
    }

    @PostMapping("/{session}/reset")
    @Fails({ProblemType.LIBRARY_MISSING, ProblemType.SESSION_ENDED})
    @Operation(
            operationId = "resetSession",
            summary = "Put the robot back to where it began",
            description = "All is where it was at first and its time is 0 again; what it is to do stays.")
    SessionView reset(@PathVariable String session) {
        MotionSession running = simulator.session(session);
        running.reset();
        return SessionView.of(running);
    }

    @PostMapping("/{session}/pause")
    @Fails({ProblemType.LIBRARY_MISSING, ProblemType.SESSION_ENDED})
    @Operation(operationId = "pauseSession", summary = "Let the session stand still")
    SessionView pause(@PathVariable String session) {
        return paused(session, true);
    }

    @PostMapping("/{session}/resume")
    @Fails({ProblemType.LIBRARY_MISSING, ProblemType.SESSION_ENDED})
    @Operation(operationId = "resumeSession", summary = "Let the session go on")
    SessionView resume(@PathVariable String session) {
        return paused(session, false);
    }

    private SessionView paused(String id, boolean paused) {
        MotionSession session = simulator.session(id);
        session.setPaused(paused);
        return SessionView.of(session);
    }
}
