package io.shiftadd.registry.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.util.unit.DataSize;

/** No keys are asked for here, as behind an inference-service that asks for them; those that are sent count. */
class KeptResponsesIT extends RegistryIT {

    private static final String BODY =
            "{\"items\": [{\"role\": \"user\", \"content\": \"Rain?\\u0000\"}], \"response\": {\"id\": \"r\", \"n\": 1.50}}";

    private final String path = path();

    @Autowired
    private KeptResponseRecords records;

    @Autowired
    private ExpiredResponses expired;

    @Autowired
    private io.shiftadd.registry.access.KeyOwner owners;

    private static String path() {
        return "/api/v1/responses/resp_" + UUID.randomUUID();
    }

    private String[] key() {
        String secret = api().post("/api/v1/api-keys", "{\"name\": \"k-" + UUID.randomUUID() + "\"}")
                .json()
                .path("key")
                .asString();
        return new String[] {"Authorization", "Bearer " + secret};
    }

    private static String ofSize(int bytes) {
        return "{\"items\": [\"" + "x".repeat(bytes) + "\"], \"response\": {}}";
    }

    @Test
    void givesBackWhatItKeeps() {
        assertThat(api().put(path, BODY).status()).isEqualTo(204);
        Answer kept = api().get(path);
        assertThat(kept.status()).isEqualTo(200);
        assertThat(kept.json().at("/items/0/content").stringValue()).isEqualTo("Rain?\0");
        assertThat(kept.json().at("/response/n").doubleValue()).isEqualTo(1.5);
        assertThat(api().put(path, BODY).problem()).isEqualTo("conflict");
        assertThat(api().delete(path).status()).isEqualTo(204);
        assertThat(api().get(path).problem()).isEqualTo("not-found");
        assertThat(api().delete(path).problem()).isEqualTo("not-found");
    }

    @Test
    void aKeySeesItsOwnAlone() {
        String[] one = key();
        String[] other = key();
        assertThat(api().put(path, BODY, one).status()).isEqualTo(204);
        assertThat(api().get(path, one).status()).isEqualTo(200);
        assertThat(api().get(path, other).status()).isEqualTo(404);
        assertThat(api().get(path).status()).isEqualTo(404);
        assertThat(api().delete(path, other).status()).isEqualTo(404);
        assertThat(api().put(path, BODY, other).status())
                .as("whether another has it is not told")
                .isEqualTo(204);
        assertThat(api().delete(path, one).status()).isEqualTo(204);
        assertThat(api().get(path, other).status()).isEqualTo(200);
        assertThat(api().get(path, "Authorization", "Bearer sk-none").problem()).isEqualTo("unauthorized");
    }

    @Test
    void forgetsWhatIsExpiredBeforeItIsDeleted() {
        api().put(path, BODY);
        String id = path.substring(path.lastIndexOf('/') + 1);
        assertThat(api().get(path).json().at("/expiresAt").asString())
                .isGreaterThan(
                        java.time.Instant.now().plus(Duration.ofMinutes(59)).toString());
        jdbc.sql("update registry.kept_response set expires_at = clock_timestamp() where id = :id")
                .param("id", id)
                .update();
        assertThat(api().get(path).status()).isEqualTo(404);
        assertThat(api().delete(path).status()).isEqualTo(404);
        assertThat(count(id)).isOne();
        expired.delete();
        assertThat(count(id)).isZero();
    }

    private int count(String id) {
        return jdbc.sql("select count(*) from registry.kept_response where id = :id")
                .param("id", id)
                .query(Integer.class)
                .single();
    }

    @Test
    void letsTheOldestOfAKeyGoBeyondItsShare() {
        String[] one = key();
        String[] other = key();
        String[] paths = {path(), path(), path(), path()};
        api().put(path, ofSize(15_000), other);
        for (String each : paths) {
            assertThat(api().put(each, ofSize(15_000), one).status()).isEqualTo(204);
        }
        assertThat(api().get(paths[0], one).status()).isEqualTo(404);
        for (int i = 1; i < paths.length; i++) {
            assertThat(api().get(paths[i], one).status()).as("%s", i).isEqualTo(200);
        }
        assertThat(api().get(path, other).status()).isEqualTo(200);
        String small = path();
        api().put(small, BODY, one);
        for (int i = 0; i < 12; i++) {
            api().put(path(), BODY, one);
        }
        assertThat(api().get(small, one).status())
                .as("small ones count for 4 KiB each")
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | items",
                "{\"items\": {}, \"response\": {}} | items",
                "{\"items\": []} | response",
                "{\"items\": [], \"response\": \"x\"} | response",
                "{\"items\": [], \"response\": {}, \"owner\": \"x\"} | owner"
            })
    void refusesWhatIsNoResponse(String body, String field) {
        Answer answer = api().put(path, body);
        assertThat(answer.problem()).isEqualTo("invalid-field");
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(field);
    }

    @Test
    void refusesWhatIsTooLargeAndWhatIsNoId() {
        assertThat(api().put(path, ofSize(21_000)).json().at("/detail").asString())
                .contains("shiftadd.responses.max-size");
        assertThat(api().put("/api/v1/responses/a.b", BODY).problem()).isEqualTo("invalid-field");
        assertThat(api().put("/api/v1/responses/" + "a".repeat(101), BODY).problem())
                .isEqualTo("invalid-field");
    }

    @Test
    void keepsNoneWhenThatIsOff() {
        ResponseProperties off =
                new ResponseProperties(Duration.ZERO, DataSize.ofMegabytes(1), DataSize.ofMegabytes(1));
        KeptResponseController none = new KeptResponseController(records, off, owners);
        assertThatThrownBy(() -> none.keep(
                        "resp_1", BODY.getBytes(java.nio.charset.StandardCharsets.UTF_8), new MockHttpServletRequest()))
                .hasMessageContaining("shiftadd.responses.keep-for");
    }
}
