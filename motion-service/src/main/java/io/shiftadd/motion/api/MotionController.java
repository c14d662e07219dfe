package io.shiftadd.motion.api;

import io.shiftadd.http.problem.Fails;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.motion.instruction.Interpreter;
import io.shiftadd.motion.mujoco.LibraryState;
import io.shiftadd.motion.planner.Scene;
import io.shiftadd.motion.session.SessionSettings;
import io.shiftadd.motion.task.Tasks;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/api/v1/motion", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Motion")
class MotionController {

    private static final String ROBOT = "Which robot: quadruped or arm";

    private final Simulator simulator;
    private final Interpreter interpreter;
    private final SessionSettings limits;

    MotionController(Simulator simulator, Interpreter interpreter, MotionSettings settings) {
        this.simulator = simulator;
        this.interpreter = interpreter;
        this.limits = settings.sessionSettings();
    }

    @GetMapping
    @Operation(
            operationId = "getMotion",
            summary = "What this service has to work with",
            description = "Answers without MuJoCo, too, and says what to do.")
    MotionView motion() {
        return switch (simulator.library()) {
            case LibraryState.Ready(var mujoco, var _) ->
                view(true, mujoco.version(), null, simulator.sessions().all().size());
            case LibraryState.Missing(var reason, var remedy) -> view(false, null, reason + ". " + remedy, 0);
        };
    }

    private MotionView view(
            boolean available,
            @org.jspecify.annotations.Nullable String version,
            @org.jspecify.annotations.Nullable String remedy,
            int sessions) {
        return new MotionView(
                available,
                version,
                remedy,
                interpreter.model(),
                sessions,
                limits.most(),
                limits.idle().toSeconds());
    }

    @GetMapping("/tasks")
    @Fails(ProblemType.INVALID_FIELD)
    @Operation(operationId = "listTasks", summary = "Tasks that the robot is known to do")
    List<TaskView> tasks(@Parameter(description = ROBOT) @RequestParam(defaultValue = "quadruped") String robot) {
        return Tasks.of(SessionRequest.robot(robot)).stream().map(TaskView::of).toList();
    }

    @GetMapping("/scene")
    @Fails({ProblemType.LIBRARY_MISSING, ProblemType.INVALID_FIELD})
    @Operation(operationId = "getScene", summary = "What there is to draw")
    SceneView scene(@Parameter(description = ROBOT) @RequestParam(defaultValue = "quadruped") String robot) {
        Scene scene = simulator.sessions().scene(SessionRequest.robot(robot));
        return SceneView.of(scene.simulated(), scene.centre());
    }
}
