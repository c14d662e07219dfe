package io.shiftadd.inference.openai.completion;

import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.Fields;
import io.shiftadd.inference.openai.request.IgnoredFields;
import io.shiftadd.inference.openai.request.KnownFields;
import io.shiftadd.inference.openai.request.Prompt;
import io.shiftadd.inference.openai.request.SamplingFields;
import io.shiftadd.inference.openai.request.SamplingFields.StreamFields;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A request to {@code POST /v1/completions}, everything checked that can be without the model.
 *
 * @param candidates choices that are generated for each prompt; the best {@code sampling.choices} are answered
 * @param logprobs empty = none wanted
 * @param maxTokens empty = the default, or what the context has room for
 */
record CompletionRequest(
        String model,
        List<Prompt> prompts,
        SamplingFields sampling,
        int candidates,
        boolean echo,
        OptionalInt logprobs,
        OptionalInt maxTokens,
        StreamFields streaming) {

    static final int DEFAULT_MAX_TOKENS = 16;

    /** Choices of all prompts together; more belong into several requests. */
    static final int MAX_CANDIDATES = 512;

    private static final int MAX_PROMPTS = 256;
    private static final int MAX_BEST_OF = 20;
    private static final int MAX_LOGPROBS = 5;
    private static final Set<String> KNOWN = KnownFields.of(CompletionBody.class);

    static CompletionRequest read(JsonNode body, IgnoredFields ignored) {
        Fields fields = new Fields(body, "", KNOWN, ignored);
        String model = fields.text("model", "the name of a model");
        List<Prompt> prompts = Prompt.read(fields, "prompt", MAX_PROMPTS);
        SamplingFields sampling = SamplingFields.read(fields);
        StreamFields streaming = StreamFields.read(fields);
        int candidates = candidates(fields, sampling.choices(), streaming.stream());
        if (prompts.size() * candidates > MAX_CANDIDATES) {
            throw ApiException.invalid(
                    sampling.choices() > 1 ? "n" : "prompt",
                    prompts.size() + " prompts with " + candidates + " choices each are more than " + MAX_CANDIDATES
                            + " choices; send several requests");
        }
        return new CompletionRequest(
                model,
                prompts,
                sampling,
                candidates,
                fields.flag("echo"),
                logprobs(fields),
                fields.count("max_tokens", 0, Integer.MAX_VALUE),
                streaming);
    }

    /** A number here, true or false in chat: false asks for none in either. */
    private static OptionalInt logprobs(Fields fields) {
        JsonNode value = fields.get("logprobs");
        boolean none = value != null && value.isBoolean() && !value.booleanValue();
        return none ? OptionalInt.empty() : fields.count("logprobs", 0, MAX_LOGPROBS);
    }

    private static int candidates(Fields fields, int choices, boolean stream) {
        int bestOf = fields.count("best_of", 0, MAX_BEST_OF).orElse(0);
        if (bestOf == 0) {
            return choices;
        }
        if (bestOf < choices) {
            throw ApiException.invalid(
                    "best_of", "'best_of' is " + bestOf + "; it must be at least 'n', which is " + choices);
        }
        if (stream && bestOf > choices) {
            throw ApiException.invalid("best_of", "'best_of' cannot be used with 'stream'; leave one of them out");
        }
        return bestOf;
    }
}
