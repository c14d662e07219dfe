package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code previous_response_id} and what belongs to it, where responses are kept and where they are not. */
class KeptResponsesIT {

    private static final String[] ONE = {"Authorization", "Bearer sk-one"};
    private static final String[] OTHER = {"x-api-key", "sk-other"};

    private static Service service;
    private static Service off;

    @BeforeAll
    static void start() {
        service = new Service(
                "shiftadd.inference.access.api-keys=required",
                "shiftadd.registry-api-key=sk-of-the-service",
                "shiftadd.responses.keep-for=1h",
                "shiftadd.responses.max-size=6KB");
        service.registry.addKey("sk-one", Map.of("id", "1", "name", "one", "scopes", List.of("inference")));
        service.registry.addKey("sk-other", Map.of("id", "2", "name", "other", "scopes", List.of("inference")));
        off = new Service();
    }

    @AfterAll
    static void stop() {
        service.close();
        off.close();
    }

    private static Map<String, Object> asked(Object input, Object... more) {
        Map<String, Object> body =
                new HashMap<>(Map.of("model", "llama-mini", "input", input, "temperature", 0, "max_output_tokens", 6));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    private static JsonNode respond(Object input, Object... more) {
        Service.Answer answer = service.post("/v1/responses", asked(input, more), ONE);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static String id(JsonNode response) {
        assertThat(response.at("/store").booleanValue()).isTrue();
        return response.at("/id").stringValue();
    }

    @Test
    void goesOnFromAResponseAsIfTheItemsHadBeenSent() {
        JsonNode first = respond("Once upon a time", "instructions", "Be brief.");
        JsonNode second = respond("And then?", "previous_response_id", id(first));
        JsonNode third = respond("And now?", "previous_response_id", id(second));
        assertThat(third.at("/previous_response_id").stringValue()).isEqualTo(id(second));
        List<Object> items = new ArrayList<>();
        items.add(Map.of("role", "user", "content", "Once upon a time"));
        first.at("/output").forEach(items::add);
        items.add(Map.of("role", "user", "content", "And then?"));
        second.at("/output").forEach(items::add);
        items.add(Map.of("role", "user", "content", "And now?"));
        JsonNode sent = respond(items);
        assertThat(third.at("/usage/input_tokens")).isEqualTo(sent.at("/usage/input_tokens"));
        assertThat(third.at("/output/0/content/0/text")).isEqualTo(sent.at("/output/0/content/0/text"));
    }

    @Test
    void aStreamedResponseIsKeptBeforeItIsToldToBeComplete() {
        Service.Answer streamed = service.post("/v1/responses", asked("Once", "stream", true), ONE);
        JsonNode last = tools.jackson.databind.json.JsonMapper.shared()
                .readTree(streamed.events().getLast())
                .path("response");
        assertThat(service.get("/v1/responses/" + id(last), ONE).json()).isEqualTo(last);
    }

    @Test
    void givesBackAResponseAndWhatItAnswers() {
        JsonNode first = respond("Once upon a time");
        JsonNode second = respond(
                List.of(
                        Map.of("role", "user", "content", "a"),
                        Map.of("role", "user", "content", List.of(Map.of("type", "input_text", "text", "b")))),
                "previous_response_id",
                id(first));
        assertThat(service.get("/v1/responses/" + id(second), ONE).json()).isEqualTo(second);
        String path = "/v1/responses/" + id(second) + "/input_items";
        JsonNode all = service.get(path + "?order=asc", ONE).json();
        assertThat(all.at("/data")
                        .valueStream()
                        .map(item -> item.at("/content/0/text").stringValue()))
                .containsExactly(
                        "Once upon a time", first.at("/output/0/content/0/text").stringValue(), "a", "b");
        assertThat(all.at("/data").valueStream().map(item -> item.at("/id").stringValue()))
                .doesNotHaveDuplicates();
        JsonNode page = service.get(path + "?limit=3", ONE).json();
        assertThat(page.at("/has_more").booleanValue()).isTrue();
        assertThat(page.at("/first_id")).isEqualTo(all.at("/last_id"));
        JsonNode rest = service.get(path + "?after=" + page.at("/last_id").stringValue(), ONE)
                .json();
        assertThat(rest.at("/data/0")).isEqualTo(all.at("/data/0"));
        assertThat(rest.at("/has_more").booleanValue()).isFalse();
        for (String wrong : List.of("limit=0", "limit=101", "limit=x", "order=up", "after=msg_1")) {
            assertThat(service.get(path + "?" + wrong, ONE).status()).as(wrong).isEqualTo(400);
        }
    }

    @Test
    void noOtherKeySeesIt() {
        String id = id(respond("Once"));
        assertThat(service.get("/v1/responses/" + id, OTHER).status()).isEqualTo(404);
        assertThat(service.get("/v1/responses/" + id + "/input_items", OTHER).status())
                .isEqualTo(404);
        assertThat(service.delete("/v1/responses/" + id, OTHER).status()).isEqualTo(404);
        Service.Answer onward = service.post("/v1/responses", asked("b", "previous_response_id", id), OTHER);
        assertThat(onward.status()).isEqualTo(400);
        assertThat(onward.error().at("/code").stringValue()).isEqualTo("previous_response_not_found");
        assertThat(service.get("/v1/responses/" + id, ONE).status()).isEqualTo(200);
    }

    @Test
    void whatIsDeletedIsGone() {
        String path = "/v1/responses/" + id(respond("Once"));
        assertThat(service.delete(path, ONE).json().at("/deleted").booleanValue())
                .isTrue();
        Service.Answer gone = service.get(path, ONE);
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.error().at("/code").stringValue()).isEqualTo("response_not_found");
        assertThat(service.delete(path, ONE).status()).isEqualTo(404);
    }

    @Test
    void whatIsNotAskedForOrTooLargeIsNotKeptAndSaysSo() {
        JsonNode unasked = respond("Once", "store", false);
        JsonNode large = respond("Once", "store", true, "metadata", Map.of("note", "x".repeat(7_000)));
        for (JsonNode response : List.of(unasked, large)) {
            assertThat(response.at("/store").booleanValue()).isFalse();
            assertThat(service.get("/v1/responses/" + response.at("/id").stringValue(), ONE)
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void whileTheRegistryIsAwayItAnswersButKeepsNothing() {
        String id = id(respond("Once"));
        service.registry.setAway(true);
        try {
            assertThat(respond("Once").at("/store").booleanValue()).isFalse();
            Service.Answer onward = service.post("/v1/responses", asked("b", "previous_response_id", id), ONE);
            assertThat(onward.status()).isEqualTo(503);
            assertThat(onward.error().at("/code").stringValue()).isEqualTo("registry_unavailable");
            assertThat(service.get("/v1/responses/" + id, ONE).status()).isEqualTo(503);
            assertThat(service.delete("/v1/responses/" + id, ONE).status()).isEqualTo(503);
        } finally {
            service.registry.setAway(false);
        }
    }

    @Test
    void aServerThatKeepsNoneSaysSo() {
        Service.Answer answer = off.post("/v1/responses", asked("Once", "store", true));
        assertThat(answer.json().at("/store").booleanValue()).isFalse();
        Service.Answer onward = off.post("/v1/responses", asked("b", "previous_response_id", "resp_1"));
        assertThat(onward.status()).isEqualTo(400);
        for (Service.Answer told : List.of(
                onward,
                off.get("/v1/responses/resp_1"),
                off.get("/v1/responses/resp_1/input_items"),
                off.delete("/v1/responses/resp_1"))) {
            assertThat(told.error().at("/message").stringValue()).contains("shiftadd.responses.keep-for");
        }
    }
}
