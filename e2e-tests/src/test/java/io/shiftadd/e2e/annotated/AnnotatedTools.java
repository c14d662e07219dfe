package io.shiftadd.e2e.annotated;

import java.util.ArrayList;
import java.util.List;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.model.tool.ToolExecutionResult;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.support.ToolCallbacks;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;

/** A method that is a tool, called by a model: Spring AI makes the schema of it, and the arguments. */
public final class AnnotatedTools {

    private final List<String> asked = new ArrayList<>();

    /** What the model is told of. */
    @Tool(description = "The weather of a city")
    public String weather(
            @ToolParam(description = "Its name") String city,
            @ToolParam(description = "How many", required = false) Integer days) {
        asked.add(city);
        return "rain in " + city + " for " + (days == null ? 1 : days) + " days";
    }

    /**
     * A round trip.
     *
     * @return the schema, what was asked for, and the answer, in lines
     */
    public static String run(String baseUrl, String modelName) {
        AnnotatedTools tools = new AnnotatedTools();
        ToolCallback[] callbacks = ToolCallbacks.from(tools);
        OpenAiChatOptions.Builder options = OpenAiChatOptions.builder()
                .baseUrl(baseUrl)
                .apiKey("none-needed-on-loopback")
                .model(modelName)
                .temperature(0.0)
                .maxTokens(100)
                .toolCallbacks(callbacks);
        OpenAiChatModel model =
                OpenAiChatModel.builder().options(options.build()).build();
        Prompt question = new Prompt(
                List.of(new UserMessage("What is the weather in Paris?")),
                options.toolChoice("required").build());
        ChatResponse called = model.call(question);
        ToolExecutionResult result = ToolCallingManager.builder().build().executeToolCalls(question, called);
        ChatResponse answer = model.call(new Prompt(
                result.conversationHistory(), options.toolChoice("none").build()));
        return String.join(
                "\n",
                callbacks[0].getToolDefinition().inputSchema().replaceAll("\\s+", " "),
                String.join(",", tools.asked).replace('\n', ' '),
                String.valueOf(answer.getResult().getOutput().getText()));
    }
}
