package io.shiftadd.registry.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.http.problem.ProblemWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

class BodyLimitTest {

    private final BodyLimit limit =
            new BodyLimit(new ProblemWriter(JsonMapper.shared()), DataSize.ofBytes(4), DataSize.ofBytes(256));

    @ParameterizedTest
    @CsvSource({
        "/api/v1/texts, text/plain, 256",
        "/api/v1/texts, Text/Plain; charset=UTF-8, 256",
        "/api/v1/texts, MULTIPART/form-data; boundary=x, 256",
        "/api/v1/texts, application/json, 4",
        "/api/v1/texts, , 4",
        "/api/v1/jobs, text/plain, 4"
    })
    void uploadsOfTextsHaveALimitOfTheirOwnHoweverTheirTypeIsSpelled(String path, String type, long most) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", path);
        request.setContentType(type);
        assertThat(limit.capOf(request)).isEqualTo(most);
    }
}
