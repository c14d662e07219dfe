package io.shiftadd.cli.job;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.Figures;
import io.shiftadd.cli.Table;
import io.shiftadd.cli.Terminal;
import io.shiftadd.cli.platform.JobFollower;
import io.shiftadd.cli.platform.Platform;
import io.shiftadd.cli.platform.PlatformApi;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lists jobs, and does to one what can be done to it. A job may be named by the beginning of its id. */
@Command(name = "jobs", mixinStandardHelpOptions = true, description = "Lists jobs; follows, cancels or retries one.")
public final class JobsCommand implements Callable<Integer> {

    private static final int SHORT_ID = 8;
    private static final int LAYERS_OF_A_USUAL_BLOCK = 7;

    @Option(names = "--json", description = "As the platform API lists them.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        try (Platform platform = Platform.asItIs(System.getenv())) {
            List<JsonNode> jobs = platform.registry().jobs();
            if (json) {
                System.out.println(JsonMapper.shared().valueToTree(jobs).toPrettyString());
            } else if (jobs.isEmpty()) {
                System.out.println("There is no job yet. Make one: ./shiftadd quantize <model> --bits 3");
            } else {
                table(jobs, Instant.now()).forEach(System.out::println);
            }
        }
        return 0;
    }

    static List<String> table(List<JsonNode> jobs, Instant now) {
        Table table = new Table("JOB", "MODEL", "RESULT", "STATE", "DONE", "SUBMITTED");
        for (JsonNode job : jobs) {
            String state = job.path("state").asString().toLowerCase(Locale.ROOT);
            table.row(
                    job.path("id").asString().substring(0, SHORT_ID),
                    job.path("modelName").asString(),
                    job.path("outputName").asString("(" + job.path("kind").asString() + ")"),
                    job.path("stage").isString() && state.equals("running")
                            ? job.path("stage").asString()
                            : state,
                    "%.0f %%".formatted(job.path("progress").asDouble(0) * 100),
                    Figures.ago(job.path("createdAt").asString(""), now));
        }
        return table.lines();
    }

    @Command(name = "follow", mixinStandardHelpOptions = true, description = "Shows a job until it ends.")
    int follow(@Parameters(paramLabel = "<job>", description = "The id, or its beginning") String id)
            throws InterruptedException {
        Terminal terminal = Terminal.standard();
        try (Platform platform = Platform.asItIs(System.getenv())) {
            JsonNode job = find(platform.registry(), id);
            new JobFollower(platform.registry(), terminal).follow(job.path("id").asString(), LAYERS_OF_A_USUAL_BLOCK);
            terminal.line("  done");
        }
        return 0;
    }

    @Command(name = "cancel", mixinStandardHelpOptions = true, description = "Ends a job after what is in work.")
    int cancel(@Parameters(paramLabel = "<job>", description = "The id, or its beginning") String id)
            throws InterruptedException {
        try (Platform platform = Platform.asItIs(System.getenv())) {
            JsonNode job = find(platform.registry(), id);
            platform.registry().cancel(job.path("id").asString());
            System.out.println("cancelling " + job.path("id").asString());
        }
        return 0;
    }

    @Command(name = "retry", mixinStandardHelpOptions = true, description = "Goes on with a job that did not end well.")
    int retry(@Parameters(paramLabel = "<job>", description = "The id, or its beginning") String id)
            throws InterruptedException {
        try (Platform platform = Platform.asItIs(System.getenv())) {
            JsonNode job = find(platform.registry(), id);
            platform.registry().retry(job.path("id").asString());
            System.out.println("queued again; follow it: ./shiftadd jobs follow " + id);
        }
        return 0;
    }

    private static JsonNode find(PlatformApi registry, String id) throws InterruptedException {
        List<JsonNode> matches = registry.jobs().stream()
                .filter(job -> job.path("id").asString().startsWith(id.toLowerCase(Locale.ROOT)))
                .toList();
        if (matches.size() == 1) {
            return matches.getFirst();
        }
        throw new CommandFailure(
                matches.isEmpty()
                        ? "there is no job whose id begins with " + id
                        : matches.size() + " jobs have ids that begin with " + id,
                "./shiftadd jobs lists them.");
    }
}
