package io.shiftadd.inference;

import io.shiftadd.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ScriptedModel} with a chat template, which answers each of several turns with a text of its own: the turns
 * are told by how long their prompts are.
 */
public final class ScriptedChat {

    private final Path directory;
    private final String template;
    private final List<String> marks;
    private final int[] script = new int[ScriptedModel.CONTEXT];
    private int filled;

    /** @param marks special tokens of the template */
    public ScriptedChat(Path directory, String template, List<String> marks) {
        this.directory = directory;
        this.template = template;
        this.marks = marks;
        write(3);
        Arrays.fill(script, 3);
    }

    private void write(int... ids) {
        ScriptedModel model = ScriptedModel.like("llama-mini");
        marks.forEach(mark -> model.token(mark, true));
        model.file("chat_template.jinja", template).write(directory, ids);
    }

    /** The answer to a conversation, as the model writes it; its end of text follows. */
    public ScriptedChat answers(
            List<Map<String, Object>> messages,
            @Nullable List<?> tools,
            Map<String, @Nullable Object> values,
            String answer) {
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            String prompt = tokenizer.chatTemplate().orElseThrow().render(messages, tools, true, values);
            int[] before = tokenizer.encode(prompt, false);
            int[] both = tokenizer.encode(prompt + answer, false);
            if (Arrays.mismatch(before, 0, before.length, both, 0, before.length) >= 0 || before.length < filled) {
                throw new IllegalArgumentException("the answer " + answer + " cannot be told from what stands before");
            }
            System.arraycopy(both, before.length, script, before.length, both.length - before.length);
            script[both.length] = tokenizer.eosIds().iterator().next();
            filled = both.length + 1;
        }
        return this;
    }

    /** Registers it. */
    public void add(Service service, String name) {
        write(script);
        service.registry.add(name, directory.toString(), 4_000_000);
    }
}
