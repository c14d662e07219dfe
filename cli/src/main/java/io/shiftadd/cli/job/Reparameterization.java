package io.shiftadd.cli.job;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.Terminal;
import io.shiftadd.cli.platform.JobFollower;
import io.shiftadd.cli.platform.PlatformApi;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * Makes a smaller model of one that is registered, or finds the one that the same request made before: a command that
 * was interrupted goes on with its job.
 */
public final class Reparameterization {

    private static final int LAYERS_OF_A_USUAL_BLOCK = 7;

    private final PlatformApi registry;
    private final Terminal terminal;

    public Reparameterization(PlatformApi registry, Terminal terminal) {
        this.registry = registry;
        this.terminal = terminal;
    }

    /**
     * @param original as the registry has it
     * @param settings of the job, without the model
     * @return the model that the job made
     * @throws CommandFailure when the job is refused, fails or is cancelled
     */
    public JsonNode make(JsonNode original, Map<String, ?> settings) throws InterruptedException {
        Map<String, Object> request = new TreeMap<>(settings);
        request.put("model", original.path("name").asString());
        JsonNode job = submit(original, request);
        if (job.path("state").asString().equals("SUCCEEDED")) {
            Optional<JsonNode> present = result(job);
            if (present.isPresent()) {
                terminal.line("  %s was made before; its measurements follow"
                        .formatted(present.get().path("name").asString()));
                return present.get();
            }
            job = registry.submit(request, "cli-" + UUID.randomUUID());
        }
        return follow(job);
    }

    /** Shows a job of this kind until it ends. */
    JsonNode follow(JsonNode job) throws InterruptedException {
        String id = job.path("id").asString();
        JsonNode done = new JobFollower(registry, terminal).follow(id, LAYERS_OF_A_USUAL_BLOCK);
        return result(done)
                .orElseThrow(() -> new CommandFailure(
                        "the job succeeded, but its model has been deleted since", "Submit it again."));
    }

    /** The model and the request stand for the job: sent twice, it is one job. */
    private JsonNode submit(JsonNode original, Map<String, Object> request) throws InterruptedException {
        String asked = original.path("digest").asString() + request;
        String key = "cli-" + UUID.nameUUIDFromBytes(asked.getBytes(StandardCharsets.UTF_8));
        JsonNode job = registry.submit(request, key);
        String state = job.path("state").asString();
        if (state.equals("FAILED") || state.equals("CANCELLED")) {
            terminal.line("  an earlier run has %s; it goes on from there".formatted(state.toLowerCase(Locale.ROOT)));
            return registry.retry(job.path("id").asString());
        }
        return job;
    }

    private Optional<JsonNode> result(JsonNode job) throws InterruptedException {
        String model = job.path("resultModelId").asString("");
        return model.isEmpty() ? Optional.empty() : registry.findModel(model);
    }
}
