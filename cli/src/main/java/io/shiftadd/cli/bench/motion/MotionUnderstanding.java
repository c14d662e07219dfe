package io.shiftadd.cli.bench.motion;

import io.shiftadd.motion.description.Description;
import io.shiftadd.motion.instruction.Interpreter;
import io.shiftadd.motion.instruction.LanguageModelSettings;
import io.shiftadd.motion.instruction.Understood;
import io.shiftadd.motion.reward.RewardTranslation;
import io.shiftadd.motion.task.Task;
import io.shiftadd.motion.task.Tasks;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a served model makes of the tasks' instructions, and what the robot makes of that. */
final class MotionUnderstanding {

    private static final int HISTORY = 1;

    private final Interpreter interpreter;

    /**
     * Of one task.
     *
     * @param instructions that were said
     * @param valid answers that are descriptions
     * @param equal those that are the reference
     * @param right those that are the reference, or meet the task's criterion with every seed
     * @param met runs that met the criterion
     * @param runs all runs; what is no description counts as runs that did not
     * @param milliseconds that answers took, all together
     */
    record Result(int instructions, int valid, int equal, int right, int met, int runs, double milliseconds) {

        Result plus(Result other) {
            return new Result(
                    instructions + other.instructions,
                    valid + other.valid,
                    equal + other.equal,
                    right + other.right,
                    met + other.met,
                    runs + other.runs,
                    milliseconds + other.milliseconds);
        }

        static Result none() {
            return new Result(0, 0, 0, 0, 0, 0, 0);
        }
    }

    MotionUnderstanding(URI baseUrl, String apiKey, String model) {
        this.interpreter = new Interpreter(new LanguageModelSettings(
                baseUrl, apiKey, model, LanguageModelSettings.Prompt.AUTO, HISTORY, Duration.ofMinutes(5)));
    }

    /** @param control null to ask the model only */
    Result of(Task task, @Nullable MotionControl control, int seeds) throws InterruptedException {
        List<Interpreter.Before> before = task.previous() == null
                ? List.of()
                : List.of(new Interpreter.Before(
                        Tasks.named(task.robot(), task.previous())
                                .instructions()
                                .getFirst(),
                        Tasks.named(task.robot(), task.previous()).description()));
        Result sum = Result.none();
        for (String instruction : task.instructions()) {
            long start = System.nanoTime();
            Understood understood = interpreter.interpret(task.robot(), instruction, before);
            double milliseconds = (System.nanoTime() - start) / 1e6;
            sum = sum.plus(judge(task, understood, control, seeds, milliseconds));
        }
        return sum;
    }

    private static Result judge(
            Task task, Understood understood, @Nullable MotionControl control, int seeds, double milliseconds)
            throws InterruptedException {
        if (!(understood instanceof Understood.Meaning(Description description))) {
            return new Result(1, 0, 0, 0, 0, seeds, milliseconds);
        }
        boolean equal = description.equals(task.description());
        int met = control == null
                ? 0
                : MotionControl.met(
                        control.outcomes(task, equal ? task.reward() : RewardTranslation.of(description), seeds));
        boolean right = equal || control != null && met == seeds;
        return new Result(1, 1, equal ? 1 : 0, right ? 1 : 0, met, seeds, milliseconds);
    }
}
