package io.shiftadd.quantize.job.partition;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.batch.integration.partition.StepExecutionRequest;
import org.springframework.core.serializer.Deserializer;
import org.springframework.core.serializer.Serializer;
import org.springframework.integration.support.MutableMessage;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests for partitions as JSON in the table of messages: readable for whoever looks, and nothing that is read there
 * can make an object of another class.
 */
final class RequestMessages implements Serializer<Message<?>>, Deserializer<Message<?>> {

    /** @param id the message's: a request is taken from the table by it */
    private record Request(UUID id, long timestamp, String step, long stepExecution) {}

    private final JsonMapper json;

    RequestMessages(JsonMapper json) {
        this.json = json;
    }

    @Override
    public void serialize(Message<?> message, OutputStream out) throws IOException {
        if (!(message.getPayload() instanceof StepExecutionRequest request)) {
            throw new IOException("a message of " + message.getPayload().getClass() + " is no request for a partition");
        }
        MessageHeaders headers = message.getHeaders();
        out.write(json.writeValueAsBytes(new Request(
                Objects.requireNonNull(headers.getId(), "every message has an id"),
                Objects.requireNonNull(headers.getTimestamp(), "every message has a time"),
                request.getStepName(),
                request.getStepExecutionId())));
    }

    @Override
    public Message<?> deserialize(InputStream in) throws IOException {
        Request request = json.readValue(in.readAllBytes(), Request.class);
        return new MutableMessage<>(
                new StepExecutionRequest(request.step(), request.stepExecution()),
                Map.of(MessageHeaders.ID, request.id(), MessageHeaders.TIMESTAMP, request.timestamp()));
    }
}
