package io.shiftadd.quantize.job.step;

import io.shiftadd.job.TaskName;
import io.shiftadd.quantize.evaluation.Example;
import io.shiftadd.quantize.evaluation.Task;
import io.shiftadd.quantize.evaluation.TaskFormatException;
import io.shiftadd.quantize.job.run.JobRefusedException;
import io.shiftadd.quantize.job.run.JobRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The examples of a job's tasks, from the directory that this worker is configured with. */
public final class TaskData {

    private final JobRun run;
    private final Path directory;

    public TaskData(JobRun run, Path directory) {
        this.run = run;
        this.directory = directory;
    }

    List<Task> tasks() {
        return run.settings().tasksOrNone().stream()
                .map(TaskName::word)
                .map(Task::of)
                .toList();
    }

    List<Example> examples(Task task) throws IOException {
        Integer limit = run.settings().taskLimit();
        try {
            return task.examples(directory, limit == null ? Integer.MAX_VALUE : limit);
        } catch (TaskFormatException malformed) {
            throw new JobRefusedException(
                    "the data of task " + task.label() + " cannot be used: " + malformed.reason(), malformed.remedy());
        }
    }
}
