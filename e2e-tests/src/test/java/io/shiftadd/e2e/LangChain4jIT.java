package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import io.shiftadd.cli.stack.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** LangChain4j's OpenAI models against the running platform, with nothing but another base URL. */
class LangChain4jIT {

    private static final String MODEL = "llama-mini";
    private static final List<ChatMessage> MESSAGES =
            List.of(SystemMessage.from("You tell stories."), UserMessage.from("Tell me one about a lighthouse."));

    private static String baseUrl;

    @BeforeAll
    static void connect() {
        new Registry(Platform.get()).importSample(MODEL);
        baseUrl = Platform.get().url(Service.INFERENCE) + "/v1";
    }

    private static OpenAiChatModel.OpenAiChatModelBuilder chatModel() {
        return OpenAiChatModel.builder()
                .baseUrl(baseUrl)
                .apiKey("none-needed-on-loopback")
                .modelName(MODEL)
                .temperature(0.0)
                .maxTokens(24);
    }

    @Test
    void chats() {
        ChatResponse answer = chatModel().build().chat(MESSAGES);
        assertThat(answer.aiMessage().text()).isNotBlank();
        assertThat(answer.finishReason()).isIn(FinishReason.LENGTH, FinishReason.STOP);
        assertThat(answer.tokenUsage().outputTokenCount()).isBetween(1, 24);
        assertThat(answer.tokenUsage().totalTokenCount())
                .isEqualTo(answer.tokenUsage().inputTokenCount()
                        + answer.tokenUsage().outputTokenCount());
    }

    @Test
    void callsAToolAndGoesOnWithWhatItGave() {
        ToolSpecification tool = ToolSpecification.builder()
                .name("get_weather")
                .description("The weather of a city")
                .parameters(JsonObjectSchema.builder()
                        .addStringProperty("city")
                        .required("city")
                        .build())
                .build();
        ChatModel model = chatModel().maxTokens(80).build();
        ChatRequest.Builder request = ChatRequest.builder().toolSpecifications(tool);
        AiMessage called = model.chat(request.messages(MESSAGES)
                        .toolChoice(ToolChoice.REQUIRED)
                        .build())
                .aiMessage();
        ToolExecutionRequest call = called.toolExecutionRequests().getFirst();
        assertThat(call.name()).isEqualTo("get_weather");
        assertThat(call.arguments()).startsWith("{").contains("\"city\"");
        List<ChatMessage> after = new ArrayList<>(MESSAGES);
        after.add(called);
        after.add(ToolExecutionResultMessage.from(call, "rain"));
        ChatResponse answer =
                model.chat(request.messages(after).toolChoice(ToolChoice.NONE).build());
        assertThat(answer.aiMessage().hasToolExecutionRequests()).isFalse();
        assertThat(answer.aiMessage().text()).isNotBlank();
    }

    /** Puts the parts together and completes when the answer does. */
    private static final class Listener implements StreamingChatResponseHandler {
        private final StringBuilder parts = new StringBuilder();
        private final CompletableFuture<ChatResponse> whole = new CompletableFuture<>();

        @Override
        public void onPartialResponse(String part) {
            parts.append(part);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            whole.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            whole.completeExceptionally(error);
        }
    }

    @Test
    void streamsTheSame() throws Exception {
        Listener listener = new Listener();
        OpenAiStreamingChatModel.builder()
                .baseUrl(baseUrl)
                .apiKey("none-needed-on-loopback")
                .modelName(MODEL)
                .temperature(0.0)
                .maxTokens(24)
                .build()
                .chat(MESSAGES, listener);
        ChatResponse answer = listener.whole.get(60, TimeUnit.SECONDS);
        assertThat(answer.aiMessage().text()).isEqualTo(listener.parts.toString());
        assertThat(answer.aiMessage().text())
                .isEqualTo(chatModel().build().chat(MESSAGES).aiMessage().text());
        assertThat(answer.tokenUsage().outputTokenCount()).isBetween(1, 24);
    }

    @Test
    void embeds() {
        List<Embedding> vectors = OpenAiEmbeddingModel.builder()
                .baseUrl(baseUrl)
                .apiKey("none-needed-on-loopback")
                .modelName(MODEL)
                .build()
                .embedAll(List.of(TextSegment.from("A harbour"), TextSegment.from("The sea")))
                .content();
        assertThat(vectors)
                .hasSize(2)
                .allSatisfy(vector -> assertThat(vector.dimension()).isEqualTo(192));
    }

    @Test
    void readsErrorsAsItsOwn() {
        assertThatThrownBy(() -> chatModel().modelName("no-such-model").build().chat(MESSAGES))
                .isInstanceOf(ModelNotFoundException.class);
        assertThatThrownBy(() -> chatModel().maxTokens(9_999).build().chat(MESSAGES))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("context length");
    }
}
