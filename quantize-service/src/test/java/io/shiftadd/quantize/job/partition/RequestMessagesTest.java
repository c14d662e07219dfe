package io.shiftadd.quantize.job.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.batch.integration.partition.StepExecutionRequest;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class RequestMessagesTest {

    private final RequestMessages messages = new RequestMessages(JsonMapper.shared());

    private byte[] written(Message<?> message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        messages.serialize(message, out);
        return out.toByteArray();
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        Message<?> sent = new GenericMessage<>(new StepExecutionRequest("block", 17L));
        Message<?> read = messages.deserialize(new ByteArrayInputStream(written(sent)));
        assertThat(read.getHeaders().getId()).isEqualTo(sent.getHeaders().getId());
        assertThat(read.getHeaders().getTimestamp()).isEqualTo(sent.getHeaders().getTimestamp());
        assertThat(read.getPayload()).isInstanceOfSatisfying(StepExecutionRequest.class, request -> {
            assertThat(request.getStepName()).isEqualTo("block");
            assertThat(request.getStepExecutionId()).isEqualTo(17L);
        });
    }

    @Test
    void isJsonThatAPersonCanRead() throws IOException {
        byte[] written = written(new GenericMessage<>(new StepExecutionRequest("block", 17L)));
        assertThat(new String(written, StandardCharsets.UTF_8)).contains("\"step\":\"block\"", "\"stepExecution\":17");
    }

    @Test
    void carriesNothingButRequests() {
        assertThatThrownBy(() -> written(new GenericMessage<>("a text")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("java.lang.String");
    }

    @Test
    void neverReadsSerializedObjects() {
        byte[] serialized = "\u00ac\u00ed\u0000\u0005sr".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> messages.deserialize(new ByteArrayInputStream(serialized)))
                .isInstanceOf(JacksonException.class);
    }
}
