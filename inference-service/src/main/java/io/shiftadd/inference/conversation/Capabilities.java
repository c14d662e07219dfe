package io.shiftadd.inference.conversation;

import io.shiftadd.inference.syntax.FillIn;
import io.shiftadd.inference.syntax.Reasoning;
import io.shiftadd.tokenizer.ChatTemplate;
import io.shiftadd.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model can do, as far as its chat template tells. Tools can be sent to every model; those
 * count whose template knows them. Those that fill in what stands between two texts have tokens for it.
 */
public record Capabilities(String template, boolean tools, boolean thinking, boolean insert) {

    public static Capabilities of(Tokenizer tokenizer) {
        String source = tokenizer.chatTemplate().map(ChatTemplate::source).orElse("");
        boolean tools = ToolStyle.of(tokenizer.chatTemplate()).place() != ToolStyle.Place.TEXT;
        return new Capabilities(
                source,
                tools,
                Reasoning.of(source).isPresent(),
                FillIn.of(tokenizer).isPresent());
    }

    public List<String> names() {
        List<String> names = new ArrayList<>(List.of("completion"));
        if (tools) {
            names.add("tools");
        }
        if (thinking) {
            names.add("thinking");
        }
        if (insert) {
            names.add("insert");
        }
        return names;
    }
}
