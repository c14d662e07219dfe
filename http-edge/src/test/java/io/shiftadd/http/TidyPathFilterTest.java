package io.shiftadd.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class TidyPathFilterTest {

    @ParameterizedTest
    @CsvSource({
        "//v1/models, /v1/models",
        "/v1//models, /v1/models",
        "/v1/models/, /v1/models",
        "/v1/models///, /v1/models",
        "///v1////models//, /v1/models",
        "/, /",
        "//, /",
        "/v1/models, /v1/models",
        "/a%2F%2Fb/, /a%2F%2Fb"
    })
    void slashesInARowAreOneAndAtTheEndNone(String sent, String tidy) {
        assertThat(TidyPathFilter.tidy(sent)).isEqualTo(tidy);
    }

    @Test
    void everythingBehindItSeesTheSamePathAndMessagesTheOneSent() throws ServletException, IOException {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "//v1//models/");
        request.setServletPath("/v1/models/");
        MockFilterChain chain = new MockFilterChain();
        new TidyPathFilter().doFilter(request, new MockHttpServletResponse(), chain);
        HttpServletRequest seen = (HttpServletRequest) chain.getRequest();
        assertThat(seen).isNotNull();
        assertThat(seen.getRequestURI()).isEqualTo("/v1/models");
        assertThat(seen.getServletPath()).isEqualTo("/v1/models");
        assertThat(seen.getRequestURL()).endsWith("/v1/models").doesNotContain("models/");
        assertThat(TidyPathFilter.sentPath(seen)).isEqualTo("//v1//models/");
    }
}
