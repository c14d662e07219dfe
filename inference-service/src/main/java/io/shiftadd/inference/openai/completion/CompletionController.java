package io.shiftadd.inference.openai.completion;

import io.shiftadd.inference.generation.GenerationRequest;
import io.shiftadd.inference.generation.GenerationStream;
import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.loading.ServedModels;
import io.shiftadd.inference.openai.answer.AnswerHead;
import io.shiftadd.inference.openai.answer.Answers;
import io.shiftadd.inference.openai.answer.EventLoop;
import io.shiftadd.inference.openai.answer.JsonAnswer;
import io.shiftadd.inference.openai.request.IgnoredFields;
import io.shiftadd.inference.openai.request.Preparation;
import io.shiftadd.inference.openai.request.PromptTokens;
import io.shiftadd.inference.openai.request.RequestJson;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Completions", description = "Continue prompts")
class CompletionController {

    private final ServedModels models;
    private final RequestJson requests;
    private final Preparation preparation;
    private final Answers answers;

    CompletionController(ServedModels models, RequestJson requests, Preparation preparation, Answers answers) {
        this.models = models;
        this.requests = requests;
        this.preparation = preparation;
        this.answers = answers;
    }

    @PostMapping(path = "/v1/completions")
    @Operation(
            operationId = "createCompletion",
            summary = "Continue a prompt",
            description =
                    "With `stream` the answer is server-sent events: chunks of the same shape, then `data: [DONE]`.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = CompletionBody.class),
                            examples = {
                                @ExampleObject(
                                        name = "stream",
                                        value =
                                                "{\"model\": \"llama-mini\", \"prompt\": \"Once upon a time\", \"max_tokens\": 40, \"stream\": true}"),
                                @ExampleObject(
                                        name = "score",
                                        value =
                                                "{\"model\": \"llama-mini\", \"prompt\": [[1, 676, 1416]], \"max_tokens\": 0, \"echo\": true, \"logprobs\": 1}")
                            }))
    @ApiResponse(
            responseCode = "200",
            description = "The choices, or a stream of them",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = CompletionResponse.class)),
                @Content(
                        mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                        schema = @Schema(implementation = CompletionResponse.class),
                        examples =
                                @ExampleObject(
                                        "data: {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1767225600,\"model\":\"llama-mini\",\"system_fingerprint\":\"fp_1\",\"choices\":[{\"text\":\", there\",\"index\":0,\"logprobs\":null,\"finish_reason\":null}]}\n\ndata: [DONE]\n\n"))
            })
    void complete(HttpServletRequest request, HttpServletResponse response) {
        IgnoredFields ignored = new IgnoredFields();
        CompletionRequest asked = CompletionRequest.read(requests.read(request), ignored);
        ignored.report(response);
        try (ServedModels.Lease lease = models.acquire(asked.model())) {
            LoadedModel model = lease.model();
            asked.sampling().requireKnown(model);
            List<PromptTokens> prompts = preparation.of(request, () -> prompts(asked, model));
            AnswerHead head = AnswerHead.of("cmpl-", lease);
            CompletionAnswer answer = new CompletionAnswer(asked, prompts, head, model);
            EventLoop events = answers.events(request, lease);
            try (GenerationStream stream = model.engine().generate(generations(asked, prompts, model))) {
                if (asked.streaming().stream()) {
                    answer.stream(stream, events, answers.stream(response));
                } else {
                    JsonAnswer out = answers.whole(response);
                    out.write(() -> answer.collect(stream, events, out));
                }
            }
        }
    }

    private static List<PromptTokens> prompts(CompletionRequest asked, LoadedModel model) {
        return asked.prompts().stream()
                .map(prompt -> PromptTokens.of(prompt, model, "prompt"))
                .toList();
    }

    private static List<GenerationRequest> generations(
            CompletionRequest asked, List<PromptTokens> prompts, LoadedModel model) {
        long seed = asked.sampling().seed().orElseGet(ThreadLocalRandom.current()::nextLong);
        List<GenerationRequest> generations = new ArrayList<>();
        for (PromptTokens prompt : prompts) {
            int maxTokens = prompt.room(asked.maxTokens(), CompletionRequest.DEFAULT_MAX_TOKENS, model, "max_tokens");
            generations.add(new GenerationRequest(
                    prompt.ids(),
                    asked.candidates(),
                    maxTokens,
                    asked.sampling().settingsFor(model),
                    seed,
                    asked.sampling().stops(),
                    asked.sampling().endIds(model),
                    alternatives(asked),
                    asked.echo() && asked.logprobs().isPresent(),
                    asked.echo(),
                    Set.of(),
                    null));
        }
        return generations;
    }

    /** The best of several are found by their scores, wanted or not. */
    private static int alternatives(CompletionRequest asked) {
        boolean ranked = asked.candidates() > asked.sampling().choices();
        return asked.logprobs().orElse(ranked ? 0 : GenerationRequest.NO_SCORES);
    }
}
