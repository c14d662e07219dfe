package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.NotFoundException;
import io.shiftadd.cli.stack.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.model.tool.ToolExecutionResult;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.core.ParameterizedTypeReference;

/** Spring AI's OpenAI models against the running platform, with nothing but another base URL. */
class SpringAiIT {

    private static final String MODEL = "llama-mini";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static String baseUrl;

    @BeforeAll
    static void connect() {
        new Registry(Platform.get()).importSample(MODEL);
        baseUrl = Platform.get().url(Service.INFERENCE) + "/v1";
    }

    private static OpenAiChatModel chatModel(String model) {
        return OpenAiChatModel.builder()
                .options(options(model).maxTokens(24).build())
                .build();
    }

    private static OpenAiChatOptions.Builder options(String model) {
        return OpenAiChatOptions.builder()
                .baseUrl(baseUrl)
                .apiKey("none-needed-on-loopback")
                .model(model)
                .temperature(0.0);
    }

    /** With a schema of its own: what makes one of a method needs another version of a library than openai-java. */
    private static ToolCallback weather(List<String> asked) {
        Function<Map<String, Object>, String> weather = arguments -> {
            asked.add(String.valueOf(arguments.get("city")));
            return "rain";
        };
        return FunctionToolCallback.builder("get_weather", weather)
                .description("The weather of a city")
                .inputType(new ParameterizedTypeReference<Map<String, Object>>() {})
                .inputSchema(
                        "{\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}}, \"required\": [\"city\"]}")
                .build();
    }

    private static Prompt prompt() {
        return new Prompt(
                List.of(new SystemMessage("You tell stories."), new UserMessage("Tell me one about a captain.")));
    }

    @Test
    void chats() {
        ChatResponse answer = chatModel(MODEL).call(prompt());
        assertThat(text(answer)).isNotBlank();
        assertThat(answer.getMetadata().getUsage().getCompletionTokens()).isBetween(1, 24);
        assertThat(answer.getMetadata().getModel()).isEqualTo(MODEL);
    }

    @Test
    void streamsTheSame() {
        List<ChatResponse> chunks = Objects.requireNonNull(
                chatModel(MODEL).stream(prompt()).collectList().block(PATIENCE));
        assertThat(chunks).hasSizeGreaterThan(2);
        assertThat(chunks.stream().map(SpringAiIT::text).collect(Collectors.joining()))
                .isEqualTo(text(chatModel(MODEL).call(prompt())));
    }

    @Test
    void callsAToolAndGoesOnWithWhatItGave() {
        List<String> asked = new ArrayList<>();
        OpenAiChatOptions.Builder options = options(MODEL).maxTokens(80).toolCallbacks(weather(asked));
        OpenAiChatModel model = chatModel(MODEL);
        Prompt question = new Prompt(
                prompt().getInstructions(), options.toolChoice("required").build());
        ChatResponse called = model.call(question);
        assertThat(called.hasToolCalls()).isTrue();
        ToolExecutionResult result = ToolCallingManager.builder().build().executeToolCalls(question, called);
        assertThat(asked).isNotEmpty().doesNotContain("null");
        ChatResponse answer = model.call(new Prompt(
                result.conversationHistory(), options.toolChoice("none").build()));
        assertThat(answer.hasToolCalls()).isFalse();
        assertThat(text(answer)).isNotBlank();
    }

    @Test
    void embeds() {
        OpenAiEmbeddingModel model = OpenAiEmbeddingModel.builder()
                .options(OpenAiEmbeddingOptions.builder()
                        .baseUrl(baseUrl)
                        .apiKey("none-needed-on-loopback")
                        .model(MODEL)
                        .build())
                .build();
        assertThat(model.embed(List.of("A harbour", "The sea")))
                .hasSize(2)
                .allSatisfy(vector -> assertThat(vector).hasSize(192));
    }

    @Test
    void tellsThatAModelIsUnknown() {
        assertThatThrownBy(() -> chatModel("no-such-model").call(prompt()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("no-such-model");
    }

    private static String text(ChatResponse response) {
        return response.getResults().stream()
                .map(result -> result.getOutput().getText())
                .filter(Objects::nonNull)
                .collect(Collectors.joining());
    }
}
