package io.shiftadd.inference.conversation;

import io.shiftadd.inference.syntax.ToolFormat;
import io.shiftadd.tokenizer.ChatTemplate;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a model is told of tools, found from its chat template.
 *
 * @param format of the calls
 * @param place where the tools are put
 */
record ToolStyle(ToolFormat format, Place place) {

    private static final Pattern KNOWS_TOOLS = Pattern.compile("\\btools\\b");
    private static final Pattern IN_MESSAGE = Pattern.compile("message(\\[['\"]tools['\"]]|\\.tools\\b)");

    /** Who writes the tools into the prompt. */
    enum Place {
        /** The template, which is given them. */
        TEMPLATE,
        /** The template, which looks for them in the system message as JSON. */
        SYSTEM_MESSAGE,
        /** We do, as a text: the template does not know tools. */
        TEXT
    }

    static ToolStyle of(Optional<ChatTemplate> template) {
        String source = template.map(ChatTemplate::source).orElse("");
        if (!KNOWS_TOOLS.matcher(source).find()) {
            return new ToolStyle(ToolFormat.HERMES, Place.TEXT);
        }
        Place place = IN_MESSAGE.matcher(source).find() ? Place.SYSTEM_MESSAGE : Place.TEMPLATE;
        return new ToolStyle(ToolFormat.of(source), place);
    }

    /** Templates that say so cannot write an answer with several calls when it is sent back. */
    static boolean onlySingleCalls(Optional<ChatTemplate> template) {
        return template.map(ChatTemplate::source).orElse("").contains("single tool-calls at once");
    }
}
