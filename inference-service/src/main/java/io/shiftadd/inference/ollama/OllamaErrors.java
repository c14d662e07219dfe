package io.shiftadd.inference.ollama;

import io.shiftadd.inference.openai.answer.StreamEnd;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.error.ErrorForm;
import io.swagger.v3.oas.annotations.media.Schema;
import org.springframework.stereotype.Component;

/** Errors as Ollama has them, for whatever is asked below its address. */
@Component
class OllamaErrors implements ErrorForm {

    static final String PATH = "/api";

    /** An error after the first byte is the last line. */
    static final StreamEnd IN_STREAM = new StreamEnd() {
        @Override
        public void failed(ApiException error, Events out) {
            out.data(of(error));
        }
    };

    /** An error. */
    @Schema(name = "OllamaError", description = "What went wrong")
    record ErrorAnswer(
            @Schema(
                    description = "What, where, the limit and the remedy",
                    example = "'options.temperature' is 3.5; it must be a number from 0 to 2")
            String error) {}

    @Override
    public boolean isFor(String path) {
        return path.startsWith(PATH + "/");
    }

    @Override
    public Class<? extends Record> type() {
        return ErrorAnswer.class;
    }

    @Override
    public Record body(ApiException error) {
        return of(error);
    }

    private static ErrorAnswer of(ApiException error) {
        return new ErrorAnswer(String.valueOf(error.getMessage()));
    }
}
