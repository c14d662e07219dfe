package io.shiftadd.registry.request;

import io.shiftadd.http.JsonBody;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotWritableException;
import tools.jackson.databind.JsonNode;

/** Reads the JSON of requests by the platform's own rules; names and settings are all that the API is sent. */
final class JsonNodeConverter extends AbstractHttpMessageConverter<JsonNode> {

    JsonNodeConverter() {
        super(MediaType.APPLICATION_JSON, new MediaType("application", "*+json"));
    }

    @Override
    protected boolean supports(Class<?> type) {
        return JsonNode.class == type;
    }

    @Override
    public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
        return false;
    }

    /** @throws io.shiftadd.http.BadBodyException when it is no JSON, or has what no name may have */
    @Override
    protected JsonNode readInternal(Class<? extends JsonNode> type, HttpInputMessage message) throws IOException {
        return JsonBody.read(message.getBody().readAllBytes(), JsonBody.Texts.PLAIN);
    }

    @Override
    protected void writeInternal(JsonNode body, HttpOutputMessage message) {
        throw new HttpMessageNotWritableException("this only reads");
    }
}
