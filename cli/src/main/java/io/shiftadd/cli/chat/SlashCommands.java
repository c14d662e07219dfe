package io.shiftadd.cli.chat;

import java.util.List;
import java.util.Locale;

/** What can be typed in a chat besides questions. */
final class SlashCommands {

    static final List<String> NAMES = List.of("/help", "/system", "/set", "/clear", "/again", "/bye");

    private static final List<String> HELP = List.of(
            "/system <text>         what the model is told before everything else; alone: shows it",
            "/set <field> <value>   a field of the requests: temperature, top_p, top_k, min_p, repetition_penalty,",
            "                       max_completion_tokens, seed, stop …; without a value: as the model has it",
            "/set                   what is set",
            "/clear                 forgets what was said",
            "/again                 answers the last question again",
            "/bye                   ends the chat, as Ctrl-D does",
            "\"\"\"                    begins a text of several lines, and ends it; so does \\ at the end of a line",
            "Ctrl-C                 ends an answer");

    private final Conversation conversation;

    SlashCommands(Conversation conversation) {
        this.conversation = conversation;
    }

    /** What happens after a command. */
    enum Next {
        GO_ON,
        ANSWER_AGAIN,
        END
    }

    /** @param lines to be shown */
    record Outcome(List<String> lines, Next next) {

        private static Outcome of(String... lines) {
            return new Outcome(List.of(lines), Next.GO_ON);
        }
    }

    /** @param line begins with a slash */
    Outcome run(String line) {
        String[] words = line.split("\\s+", 2);
        String rest = words.length > 1 ? words[1].strip() : "";
        return switch (words[0].toLowerCase(Locale.ROOT)) {
            case "/help", "/?" -> new Outcome(HELP, Next.GO_ON);
            case "/system" -> system(rest);
            case "/set" -> set(rest);
            case "/clear" -> {
                conversation.clear();
                yield Outcome.of("Forgotten.");
            }
            case "/again" -> new Outcome(List.of(), Next.ANSWER_AGAIN);
            case "/bye", "/exit", "/quit" -> new Outcome(List.of(), Next.END);
            default -> Outcome.of("There is no " + words[0] + "; /help says what there is.");
        };
    }

    private Outcome system(String text) {
        if (text.isEmpty()) {
            return Outcome.of(conversation.system().isEmpty() ? "There is no system prompt." : conversation.system());
        }
        conversation.system(text);
        return Outcome.of("The model is told that from now on.");
    }

    private Outcome set(String rest) {
        if (rest.isEmpty()) {
            return conversation.parameters().isEmpty()
                    ? Outcome.of("Nothing is set: the model's own defaults hold.")
                    : new Outcome(
                            conversation.parameters().entrySet().stream()
                                    .map(entry -> entry.getKey() + " " + entry.getValue())
                                    .toList(),
                            Next.GO_ON);
        }
        String[] words = rest.split("\\s+", 2);
        conversation.set(words[0], words.length > 1 ? words[1] : "");
        return Outcome.of(words.length > 1 ? words[0] + " is " + words[1] : words[0] + " is as the model has it");
    }
}
