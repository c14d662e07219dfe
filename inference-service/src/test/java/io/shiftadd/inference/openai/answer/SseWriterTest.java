package io.shiftadd.inference.openai.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UnsupportedEncodingException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

class SseWriterTest {

    private final MockHttpServletResponse response = new MockHttpServletResponse();

    @Test
    void aSignOfLifeIsACommentAndNoEvent() throws UnsupportedEncodingException {
        SseWriter writer = new SseWriter(response, JsonMapper.shared(), Duration.ZERO);
        writer.data(List.of(1));
        writer.keepAlive();
        writer.keepAlive();
        writer.data(List.of(2));
        assertThat(response.getContentAsString()).isEqualTo("data: [1]\n\n: keep-alive\n: keep-alive\ndata: [2]\n\n");
    }

    @Test
    void givesNoSignOfLifeBeforeItsTime() throws UnsupportedEncodingException {
        SseWriter writer = new SseWriter(response, JsonMapper.shared(), Duration.ofMinutes(1));
        writer.keepAlive();
        assertThat(response.getContentAsString()).isEmpty();
    }
}
