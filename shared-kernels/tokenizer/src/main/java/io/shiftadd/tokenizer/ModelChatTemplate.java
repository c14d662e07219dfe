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

    private final @Nullable JinjaTemplate template;
    private final String malformed;
    private final Map<String, Object> variables;

    /**
     * @param variables the model's special tokens
     */
    ModelChatTemplate(String source, Map<String, Object> variables) {
        this.variables = variables;
        @Nullable JinjaTemplate parsed = null;
        String problem = "";
        try {
            parsed = new JinjaTemplate(source);
        } catch (JinjaException e) {
            problem = String.valueOf(e.getMessage());
        }
        this.template = parsed;
        this.malformed = problem;
    }

    @Override
    public Optional<String> malformed() {
        return template == null ? Optional.of(malformed) : Optional.empty();
    }

    @Override
    public String render(
            List<Map<String, Object>> messages, boolean addGenerationPrompt, Map<String, @Nullable Object> more) {
        if (template == null) {
            throw new ChatTemplateException("it is malformed: " + malformed);
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>(variables);
        more.forEach(all::putIfAbsent);
        all.put("messages", messages);
        all.put("tools", null);
        all.put("documents", null);
        all.put("add_generation_prompt", addGenerationPrompt);
        try {
            return template.render(all);
        } catch (JinjaException e) {
            throw new ChatTemplateException(
                    e.isRaisedByTemplate() ? String.valueOf(e.getMessage()) : "it fails: " + e.getMessage(), e);
        }
    }
}
