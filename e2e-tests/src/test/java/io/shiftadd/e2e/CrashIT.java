package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.cli.stack.Service;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A job outlives the process that works on it. */
class CrashIT {

    private static final int BLOCKS = 6;

    @Test
    void aKilledJobGoesOnAfterItsLastFinishedBlock() throws Exception {
        Platform platform = Platform.get();
        Registry registry = new Registry(platform);
        registry.importSample("opt-mini");
        String job = registry.submit("""
                {"model": "opt-mini", "method": "acc", "bits": 3, "name": "opt-mini-killed",
                 "samples": 32, "sequenceLength": 128, "evaluationWindows": 4, "rounds": 20}""");
        Awaitility.await("two finished blocks")
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> registry.job(job).path("blockCurrent").asInt() >= 2);
        platform.kill(Service.QUANTIZE);
        int finished = registry.job(job).path("blockCurrent").asInt();
        assertThat(finished).as("killed in mid-job").isBetween(2, BLOCKS - 1);
        List<String> before = layersOfFirstBlocks(registry, job, finished);

        platform.restart();
        JsonNode done = registry.awaitSuccess(job);

        assertThat(done.path("blockCurrent").asInt()).isEqualTo(BLOCKS);
        assertThat(layersOfFirstBlocks(registry, job, finished))
                .as("what was finished is not done again")
                .isEqualTo(before);
        assertThat(registry.layers(job)
                        .valueStream()
                        .map(layer -> layer.path("worker").asString())
                        .distinct())
                .as("two processes worked on it")
                .hasSize(2);
        Http.Answer completion = new Http(platform.url(Service.INFERENCE))
                .post(
                        "/v1/completions",
                        "{\"model\": \"opt-mini-killed\", \"prompt\": \"One day\", \"max_tokens\": 8}");
        assertThat(completion.status()).as(completion.text()).isEqualTo(200);
    }

    /** With the seconds that each took and who did it, which a second run could not reproduce. */
    private static List<String> layersOfFirstBlocks(Registry registry, String job, int blocks) {
        return registry.layers(job)
                .valueStream()
                .filter(layer -> layer.path("block").asInt() < blocks)
                .map(JsonNode::toString)
                .toList();
    }
}
