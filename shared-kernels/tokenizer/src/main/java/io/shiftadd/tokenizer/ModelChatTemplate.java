package io.shiftadd.tokenizer;

import io.shiftadd.tokenizer.jinja.JinjaException;
import io.shiftadd.tokenizer.jinja.JinjaTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Jinja template with the variables that transformers gives it. */
final class ModelChatTemplate implements ChatTemplate {

    private final Source plain;
    private final Source withTools;
    private final Map<String, Object> variables;

    /** A template, or what is wrong with it. */
    private record Source(String text, @Nullable JinjaTemplate template, String malformed) {

        static Source of(String text) {
            try {
                return new Source(text, new JinjaTemplate(text), "");
            } catch (JinjaException e) {
                return new Source(text, null, String.valueOf(e.getMessage()));
            }
        }
    }

    /**
     * @param withTools what is used when there are tools; null = the same
     * @param variables the model's special tokens
     */
    ModelChatTemplate(String source, @Nullable String withTools, Map<String, Object> variables) {
        this.variables = variables;
        this.plain = Source.of(source);
        this.withTools = withTools == null ? plain : Source.of(withTools);
    }

    @Override
    public String source() {
        return withTools.text();
    }

    @Override
    public Optional<String> malformed() {
        return plain.template() == null ? Optional.of(plain.malformed()) : Optional.empty();
    }

    @Override
    public String render(
            List<Map<String, Object>> messages,
            @Nullable List<?> tools,
            boolean addGenerationPrompt,
            Map<String, @Nullable Object> more) {
        Source used = tools == null ? plain : withTools;
        if (used.template() == null) {
            throw new ChatTemplateException("it is malformed: " + used.malformed());
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>(variables);
        more.forEach(all::putIfAbsent);
        all.put("messages", messages);
        all.put("tools", tools);
        all.put("documents", null);
        all.put("add_generation_prompt", addGenerationPrompt);
        try {
            return used.template().render(all);
        } catch (JinjaException e) {
            throw new ChatTemplateException(
                    e.isRaisedByTemplate() ? String.valueOf(e.getMessage()) : "it fails: " + e.getMessage(), e);
        }
    }
}
