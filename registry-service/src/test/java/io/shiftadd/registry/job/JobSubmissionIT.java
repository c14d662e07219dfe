package io.shiftadd.registry.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class JobSubmissionIT extends RegistryIT {

    private final String model = "m-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void fillsInDefaults() {
        UUID id = insertModel(model);
        Answer answer = submit("{'model': '%s', 'bits': 3}");

        assertThat(answer.status()).isEqualTo(201);
        JsonNode job = answer.json();
        assertThat(answer.header("location"))
                .isEqualTo("/api/v1/jobs/" + job.get("id").asString());
        assertThat(job.get("state").asString()).isEqualTo("QUEUED");
        assertThat(job.get("outputName").asString()).isEqualTo(model + "-acc-3bit");
        assertThat(job.get("heartbeatLost").asBoolean()).isFalse();
        assertThat(job.get("settings").toString()).isEqualTo("""
                {"model":"%s","modelName":"%s","kind":"reparameterize","method":"acc","bits":3,"headBits":6,\
                "name":"%s-acc-3bit","samples":128,"sequenceLength":512,"evaluationWindows":32,"seed":0,\
                "rounds":20,"terms":3,"activationOrder":true,"calibration":"sequential"}""".formatted(id, model, model));
    }

    @Test
    void storesWhatTheWorkerReads() {
        insertModel(model);
        String id = submit("{'model': '%s', 'method': 'lat', 'meanBits': 2.2, 'seed': 7, 'priority': 5}")
                .json()
                .get("id")
                .asString();
        String settings = jdbc.sql("select settings::text from registry.job where id = :id and priority = 5")
                .param("id", UUID.fromString(id))
                .query(String.class)
                .single();
        assertThat(settings).contains("\"method\": \"lat\"", "\"meanBits\": 2.2", "\"seed\": 7", "\"terms\": 3");
        assertThat(settings).doesNotContain("null", "\"bits\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                      | {"steps":256,"text":"sampled","seed":7}
            {'steps': 64, 'seed': 3}                | {"steps":64,"text":"sampled","seed":3}
            {'tokens': 1000000}                     | {"tokens":1000000,"text":"sampled","seed":7}
            {'minutes': 15, 'text': 'SAMPLED'}      | {"minutes":15,"text":"sampled","seed":7}
            """)
    void fillsInTheDefaultsOfATuning(String asked, String stored) {
        insertModel(model);
        Answer answer = submit("{'model': '%s', 'bits': 2, 'seed': 7, 'tune': " + asked + "}");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().at("/settings/tune").toString()).isEqualTo(stored);
    }

    @Test
    void numbersADefaultNameThatIsTaken() {
        insertModel(model);
        submit("{'model': '%s', 'bits': 3}");
        assertThat(submit("{'model': '%s', 'bits': 3}").json().get("outputName").asString())
                .isEqualTo(model + "-acc-3bit-2");
    }

    @Test
    void refusesAGivenNameThatIsTaken() {
        insertModel(model);
        Answer answer = submit("{'model': '%1$s', 'bits': 3, 'name': '%1$s'}");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("name-taken");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'model': 'no-such-model', 'bits': 3}                        | model              | names no registered model
            {'bits': 3}                                                  | model              | is missing
            {'model': '%s'}                                              | bits               | is missing
            {'model': '%s', 'bits': 7}                                   | bits               | is 7
            {'model': '%s', 'bits': '3'}                                 | bits               | is '3'
            {'model': '%s', 'bits': 2.5}                                 | bits               | is 2.5
            {'model': '%s', 'bits': 3, 'meanBits': 2.2}                  | meanBits           | is given together with bits
            {'model': '%s', 'meanBits': 4.5}                             | meanBits           | is 4.5
            {'model': '%s', 'bits': 3, 'method': 'fast'}                 | method             | is 'fast'
            {'model': '%s', 'bits': 3, 'samples': 0}                     | samples            | is 0
            {'model': '%s', 'bits': 3, 'samples': -1}                    | samples            | is -1
            {'model': '%s', 'bits': 3, 'sequenceLength': 513}            | sequenceLength     | is 513
            {'model': '%s', 'bits': 3, 'evaluationWindows': 100001}      | evaluationWindows  | is 100001
            {'model': '%s', 'bits': 3, 'seed': -5}                       | seed               | is -5
            {'model': '%s', 'bits': 3, 'seed': 99999999999999999999}     | seed               | is 99999999999999999999
            {'model': '%s', 'bits': 2, 'tune': 256}                      | tune               | is a number
            {'model': '%s', 'bits': 2, 'tune': {'steps': 0}}             | tune.steps         | is 0
            {'model': '%s', 'bits': 2, 'tune': {'steps': 9, 'tokens': 9}} | tune.tokens       | is given together with steps
            {'model': '%s', 'bits': 2, 'tune': {'tokens': 900000000000}} | tune.tokens        | is 900000000000
            {'model': '%s', 'bits': 2, 'tune': {'minutes': 0}}           | tune.minutes       | is 0
            {'model': '%s', 'bits': 2, 'tune': {'text': 'wiki'}}         | tune.text          | is 'wiki'
            {'model': '%s', 'bits': 2, 'tune': {'text': 'mix'}}          | tune.text          | is mix, and the request names no calibrationText
            {'model': '%s', 'bits': 2, 'tune': {'rate': 1}}              | tune.rate          | is not a field of this request
            {'model': '%s', 'bits': 2, 'method': 'rtn', 'tune': {}}      | tune               | does not apply to method rtn
            {'model': '%s', 'kind': 'evaluate', 'tune': {}}              | tune               | does not apply to kind evaluate
            {'model': '%s', 'bits': 3, 'rounds': 0}                      | rounds             | is 0
            {'model': '%s', 'bits': 3, 'terms': 4}                       | terms              | is 4
            {'model': '%s', 'bits': 3, 'activationOrder': 'yes'}         | activationOrder    | is 'yes'
            {'model': '%s', 'bits': 3, 'calibrationText': 'nope'}        | calibrationText    | names no registered text
            {'model': '%s', 'bits': 3, 'name': '../x'}                   | name               | is '../x'
            {'model': ['%s'], 'bits': 3}                                 | model              | is an array
            {'model': '%s', 'kind': 'evaluate', 'bits': 3}               | bits               | does not apply to kind evaluate
            {'model': '%s', 'bits': 3, 'balanceExperts': 1}              | balanceExperts     | is 1
            {'model': '%s', 'bits': 3, 'preset': 'quick'}                | preset             | is 'quick'
            {'model': '%s', 'kind': 'evaluate', 'preset': 'fast'}        | preset             | does not apply to kind evaluate
            {'model': '%s', 'kind': 'evaluate', 'headBits': 4}           | headBits           | does not apply to kind evaluate
            {'model': '%s', 'bits': 3, 'budgetBytes': 99999}             | budgetBytes        | is given together with bits
            {'model': '%s', 'budgetBytes': 0}                            | budgetBytes        | is 0
            {'model': '%s', 'budgetBytes': 18431}                        | budgetBytes        | is 18431
            {'model': '%s', 'maxPerplexityIncrease': 0}                  | maxPerplexityIncrease | is 0
            {'model': '%s', 'maxPerplexityIncrease': 'a tenth'}          | maxPerplexityIncrease | is 'a tenth'
            {'model': '%s', 'bits': 3, 'rotation': 'sometimes'}          | rotation           | is 'sometimes'
            {'model': '%s', 'bits': 3, 'headBits': 3}                    | headBits           | is 3
            {'model': '%s', 'bits': 3, 'headBits': 9}                    | headBits           | is 9
            {'model': '%s', 'bits': 3, 'method': 'rtn', 'rotation': 'auto'} | rotation        | does not apply to method rtn
            {'model': '%s', 'bits': 3, 'method': 'optq', 'terms': 2}     | terms              | does not apply to method optq
            {'model': '%s', 'bits': 3, 'method': 'optq', 'rounds': 2}    | rounds             | does not apply to method optq
            {'model': '%s', 'bits': 3, 'method': 'lut-gemm', 'activationOrder': true} | activationOrder | does not apply to method lut-gemm
            {'model': '%s', 'bits': 3, 'tasks': ['copa']}                | tasks              | does not apply to kind reparameterize
            {'model': '%s', 'bits': 3, 'baseline': '%s'}                 | baseline           | does not apply to kind reparameterize
            {'model': '%s', 'kind': 'evaluate', 'tasks': []}             | tasks              | is empty
            {'model': '%s', 'kind': 'evaluate', 'tasks': 'copa'}         | tasks              | is a text
            {'model': '%s', 'kind': 'evaluate', 'tasks': ['copa', 'arc']} | tasks             | has 'arc'
            {'model': '%s', 'kind': 'evaluate', 'tasks': ['copa', 'COPA']} | tasks            | has copa twice
            {'model': '%s', 'kind': 'evaluate', 'tasks': ['copa', 7]}    | tasks              | has 7
            {'model': '%s', 'kind': 'evaluate', 'taskLimit': 7}          | taskLimit          | is given without tasks
            {'model': '%s', 'kind': 'evaluate', 'tasks': ['copa'], 'taskLimit': 0} | taskLimit | is 0
            {'model': '%s', 'kind': 'evaluate', 'tasks': ['copa'], 'baseline': 'nope'} | baseline | names no registered model
            {'model': '%s', 'kind': 'evaluate', 'tasks': ['copa'], 'baseline': '%s'} | baseline | is the model itself
            """)
    void namesTheFieldThatIsWrong(String request, String field, String message) {
        insertModel(model);
        Answer answer = submit(request);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("invalid-field");
        JsonNode errors = answer.json().get("errors");
        assertThat(errors.size()).isEqualTo(1);
        assertThat(errors.get(0).get("field").asString()).isEqualTo(field);
        assertThat(errors.get(0).get("message").asString()).isEqualTo(message);
        assertThat(answer.json().get("detail").asString()).contains(field, message);
    }

    @Test
    void reportsAllMistakesAtOnceAndSuggestsNames() {
        insertModel(model);
        JsonNode errors = submit("{'model': '%s', 'bits': 9, 'sample_count': 5, 'sequence_length': 64, 'zzz': 1}")
                .json()
                .get("errors");
        assertThat(errors.findValuesAsString("field"))
                .containsExactly("bits", "sample_count", "sequence_length", "zzz");
        assertThat(errors.get(2).get("remedy").asString()).isEqualTo("did you mean sequenceLength?");
        assertThat(errors.get(3).get("remedy").asString()).startsWith("valid are model, kind, method, bits");
    }

    @Test
    void saysWhatABaselineNeedsToBeComparedOn() {
        insertModel(model);
        insertModel(model + "-other");
        JsonNode errors = submit("{'model': '%s', 'kind': 'evaluate', 'baseline': '%s-other'}")
                .json()
                .get("errors");
        assertThat(errors.findValuesAsString("field")).containsExactly("evaluationText");
        assertThat(errors.get(0).get("remedy").asString()).isEqualTo("add evaluationText or tasks");
    }

    @Test
    void namesTheClosestTask() {
        insertModel(model);
        JsonNode errors = submit("{'model': '%s', 'kind': 'evaluate', 'tasks': ['arc_eazy']}")
                .json()
                .get("errors");
        assertThat(errors.get(0).get("remedy").asString()).isEqualTo("did you mean arc_easy?");
        assertThat(errors.get(0).get("limit").asString()).contains("arc_challenge, boolq");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'method': 'rtn', 'bits': 3                         | -rtn-3bit        | "method":"rtn","bits":3
            'method': 'optq', 'bits': 2                        | -optq-2bit       | "activationOrder":false
            'method': 'lut-gemm', 'bits': 2                    | -lut-gemm-2bit   | "rounds":20,"calibration":"sequential"}
            'budgetBytes': 30000, 'rotation': 'auto'           | -acc-30000bytes  | "rotation":"auto"
            'maxPerplexityIncrease': 0.125, 'headBits': 6      | -acc-plus12.5pct | "headBits":6
            'bits': 3, 'headBits': 0                           | -acc-3bit        | "bits":3,"name"
            'meanBits': 3.0                                    | -acc-3bit        | "meanBits":3.0
            'bits': 3, 'preset': 'fast'                        | -acc-3bit        | "samples":32
            'bits': 3, 'preset': 'fast', 'samples': 7          | -acc-3bit        | "samples":7
            'bits': 3, 'preset': 'best'                        | -acc-3bit        | "tune":{"steps":256
            'bits': 3, 'preset': 'best', 'method': 'rtn'       | -rtn-3bit        | "calibration":"sequential"}
            """)
    void takesEveryMethodAndSize(String fields, String suffix, String settings) {
        insertModel(model);
        JsonNode job = submit("{'model': '%s', " + fields + "}").json();
        assertThat(job.path("outputName").asString()).isEqualTo(model + suffix);
        assertThat(job.path("settings").toString()).contains(settings).doesNotContain("null");
    }

    @Test
    void comparesTwoModelsOnTasks() {
        insertModel(model);
        UUID other = insertModel(model + "-other");
        String id = submit("{'model': '%s', 'kind': 'evaluate', 'baseline': '%s-other',"
                        + " 'tasks': ['Copa', 'arc_easy'], 'taskLimit': 50}")
                .json()
                .get("id")
                .asString();
        assertThat(jdbc.sql("select baseline_model_id from registry.job where id = :id")
                        .param("id", UUID.fromString(id))
                        .query(UUID.class)
                        .single())
                .isEqualTo(other);
        assertThat(api().get("/api/v1/jobs/" + id).json().get("settings").toString())
                .contains("\"tasks\":[\"copa\",\"arc_easy\"],\"taskLimit\":50", "\"baselineName\":\"" + model);
        assertThat(api().delete("/api/v1/models/" + other).problem()).isEqualTo("in-use");
    }

    @Test
    void givesTheSameJobForTheSameKeyAndBody() {
        insertModel(model);
        String key = UUID.randomUUID().toString();
        String body = "{'model': '%s', 'bits': 2}";
        Answer first = submit(body, "Idempotency-Key", key);
        Answer second = submit("{'bits': 2,   'model': '%s'}", "Idempotency-Key", key);

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.header("idempotency-replayed")).isEqualTo("true");
        assertThat(second.json().get("id")).isEqualTo(first.json().get("id"));
    }

    @Test
    void refusesTheSameKeyForAnotherBody() {
        insertModel(model);
        String key = UUID.randomUUID().toString();
        submit("{'model': '%s', 'bits': 2}", "Idempotency-Key", key);
        Answer other = submit("{'model': '%s', 'bits': 3}", "Idempotency-Key", key);
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("idempotency-mismatch");
    }

    @Test
    void makesOneJobOfManySimultaneousRequestsWithOneKey() {
        insertModel(model);
        String key = UUID.randomUUID().toString();
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<CompletableFuture<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                calls.add(CompletableFuture.supplyAsync(
                        () -> submit("{'model': '%s', 'bits': 4, 'name': '%s-x'}", "Idempotency-Key", key), threads));
            }
            calls.forEach(call -> answers.add(call.join()));
        }
        assertThat(answers).extracting(Answer::status).containsOnly(200, 201);
        assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(1);
        Set<String> ids = answers.stream()
                .map(answer -> answer.json().get("id").asString())
                .collect(Collectors.toSet());
        assertThat(ids).hasSize(1);
    }

    @Test
    void evaluatesAModelWithoutReparameterizing() {
        insertModel(model);
        JsonNode job = submit("{'model': '%s', 'kind': 'evaluate', 'evaluationWindows': 4}")
                .json();
        assertThat(job.get("kind").asString()).isEqualTo("evaluate");
        assertThat(job.get("outputName").isNull()).isTrue();
        assertThat(job.get("settings").has("bits")).isFalse();
    }

    private Answer submit(String json, String... headers) {
        return api().post(
                        "/api/v1/jobs",
                        json.replace("%s", model).replace("%1$s", model).replace('\'', '"'),
                        headers);
    }
}
