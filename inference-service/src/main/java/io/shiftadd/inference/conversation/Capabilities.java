package io.shiftadd.inference.conversation;

import io.shiftadd.inference.syntax.Reasoning;
import io.shiftadd.tokenizer.ChatTemplate;
import io.shiftadd.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model can do in conversations, as far as its chat template tells. Tools can be sent to every model; those
 * count whose template knows them.
 */
public record Capabilities(String template, boolean tools, boolean thinking) {

    public static Capabilities of(Tokenizer tokenizer) {
        String source = tokenizer.chatTemplate().map(ChatTemplate::source).orElse("");
        boolean tools = ToolStyle.of(tokenizer.chatTemplate()).place() != ToolStyle.Place.TEXT;
        return new Capabilities(source, tools, Reasoning.of(source).isPresent());
    }

    public List<String> names() {
        List<String> names = new ArrayList<>(List.of("completion"));
        if (tools) {
            names.add("tools");
        }
        if (thinking) {
            names.add("thinking");
        }
        return names;
    }
}
