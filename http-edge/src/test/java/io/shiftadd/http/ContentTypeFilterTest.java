package io.shiftadd.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ContentTypeFilterTest {

    private static int status(String type) throws ServletException, IOException {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/");
        request.addHeader("Content-Type", type);
        MockHttpServletResponse response = new MockHttpServletResponse();
        response.setStatus(0);
        new ContentTypeFilter((sent, answer, status, message) -> answer.setStatus(status))
                .doFilter(request, response, new MockFilterChain());
        return response.getStatus();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "multipart/form-data | 400",
                "multipart/form-data; boundary= | 400",
                "multipart/mixed; charset=utf-8 | 400",
                "multipart/form-data; boundary=\"\" | 400",
                "application/json; charset=no-such | 415",
                "application/json; charset=\" | 415",
                "application/ | 415",
                "nonsense | 415",
                "*/* | 415",
                "application/json, application/json | 415"
            })
    void refusesWhatNobodyCouldReadBy(String type, int status) throws ServletException, IOException {
        assertThat(status(type)).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/JSON;charset=UTF8",
                "text/plain",
                "application/vnd.api+json",
                "multipart/form-data; boundary=----abc",
                "multipart/form-data; boundary=\"a b\"",
                "application/x-www-form-urlencoded"
            })
    void letsThroughWhatIsAMediaType(String type) throws ServletException, IOException {
        assertThat(status(type)).isZero();
    }
}
