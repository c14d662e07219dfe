package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.TextBlock;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolChoiceAny;
import com.anthropic.models.messages.ToolChoiceNone;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import io.shiftadd.cli.stack.Service;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Anthropic's client for Java against the running platform, with nothing but another base URL. */
class AnthropicClientIT {

    private static final String MODEL = "llama-mini";

    private static AnthropicClient client;

    @BeforeAll
    static void connect() {
        new Registry(Platform.get()).importSample(MODEL);
        client = AnthropicOkHttpClient.builder()
                .baseUrl(Platform.get().url(Service.INFERENCE))
                .apiKey("none-needed-on-loopback")
                .maxRetries(0)
                .build();
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    private static MessageCreateParams.Builder question() {
        return MessageCreateParams.builder()
                .model(MODEL)
                .maxTokens(16)
                .system("You tell stories.")
                .addUserMessage("Tell me one about a captain.");
    }

    private static String text(Message message) {
        return message.content().stream()
                .flatMap(block -> block.text().stream())
                .map(TextBlock::text)
                .collect(Collectors.joining());
    }

    private static MessageCreateParams.Builder withWeather() {
        Tool.InputSchema schema = Tool.InputSchema.builder()
                .properties(Tool.InputSchema.Properties.builder()
                        .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string", "maxLength", 9)))
                        .build())
                .required(List.of("city"))
                .build();
        return question()
                .maxTokens(80)
                .addTool(Tool.builder()
                        .name("get_weather")
                        .description("The weather of a city")
                        .inputSchema(schema)
                        .build());
    }

    private static ToolUseBlock call(Message message) {
        return message.content().stream()
                .flatMap(block -> block.toolUse().stream())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void answers() {
        Message answer = client.messages().create(question().build());
        assertThat(text(answer)).isNotBlank();
        assertThat(answer.stopReason()).contains(StopReason.MAX_TOKENS);
        assertThat(answer.usage().outputTokens()).isEqualTo(16);
        assertThat(client.messages()
                        .countTokens(MessageCountTokensParams.builder()
                                .model(MODEL)
                                .addUserMessage("Tell me one about a captain.")
                                .build())
                        .inputTokens())
                // What an earlier question has left in memory is counted apart, as Anthropic's services do.
                .isBetween(
                        5L,
                        answer.usage().inputTokens()
                                + answer.usage().cacheReadInputTokens().orElse(0L));
    }

    @Test
    void streamsAMessageThatTheClientPutsTogether() {
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> events =
                client.messages().createStreaming(question().build())) {
            events.stream().forEach(accumulator::accumulate);
        }
        assertThat(text(accumulator.message())).isNotBlank();
        assertThat(accumulator.message().usage().outputTokens()).isBetween(1L, 16L);
    }

    @Test
    void callsAToolAndGoesOnWithWhatItGave() {
        ToolChoiceAny any = ToolChoiceAny.builder().disableParallelToolUse(true).build();
        Message called = client.messages().create(withWeather().toolChoice(any).build());
        assertThat(called.stopReason()).contains(StopReason.TOOL_USE);
        ToolUseBlock call = call(called);
        assertThat(call.name()).isEqualTo("get_weather");
        assertThat(call._input().convert(Map.class)).containsKey("city");
        MessageAccumulator streamed = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> events =
                client.messages().createStreaming(withWeather().toolChoice(any).build())) {
            events.stream().forEach(streamed::accumulate);
        }
        assertThat(call(streamed.message())._input().convert(Map.class)).containsKey("city");
        ContentBlockParam result = ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                .toolUseId(call.id())
                .content("rain")
                .build());
        Message answer = client.messages()
                .create(withWeather()
                        .addMessage(called)
                        .addUserMessageOfContentBlockParams(List.of(result))
                        .toolChoice(ToolChoiceNone.builder().build())
                        .build());
        assertThat(text(answer)).isNotBlank();
        assertThat(answer.content()).noneMatch(ContentBlock::isToolUse);
    }

    @Test
    void readsErrorsAsItsOwn() {
        MessageCreateParams unknown = question().model("no-such-model").build();
        assertThatThrownBy(() -> client.messages().create(unknown))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("no-such-model");
        MessageCreateParams wrong = question()
                .putAdditionalBodyProperty("temperature", JsonValue.from(7))
                .build();
        assertThatThrownBy(() -> client.messages().create(wrong))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("temperature");
    }
}
