package io.shiftadd.cli.chat;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.platform.Answer;
import io.shiftadd.cli.platform.InferenceApi;
import io.shiftadd.cli.platform.Interruption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/** A conversation at the terminal: reads a line or a text of several, and shows the answer as it comes. */
final class ChatTerminal {

    private static final String PROMPT = ">>> ";
    private static final String MORE = "... ";

    private final Terminal terminal;
    private final Conversation conversation;
    private final LineReader reader;
    private final SlashCommands commands;

    /** The answer that Ctrl-C ends. */
    private final AtomicReference<@Nullable Interruption> answering = new AtomicReference<>();

    /** @param history where what was typed is kept for the next time */
    ChatTerminal(Terminal terminal, Conversation conversation, Path history) {
        this.terminal = terminal;
        this.conversation = conversation;
        this.commands = new SlashCommands(conversation);
        this.reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(new UnfinishedText())
                .completer(new StringsCompleter(SlashCommands.NAMES))
                .variable(LineReader.HISTORY_FILE, history)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, MORE)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        terminal.handle(Terminal.Signal.INT, _ -> {
            Interruption running = answering.get();
            if (running != null) {
                running.ask();
            }
        });
    }

    /** Talks until the user ends it. */
    void run() throws InterruptedException {
        faint("Chatting with %s. /help says what there is besides; Ctrl-D ends it.".formatted(conversation.model()));
        while (true) {
            String text;
            try {
                text = UnfinishedText.unwrap(reader.readLine(PROMPT));
            } catch (UserInterruptException lineThrownAway) {
                faint("Ctrl-D or /bye ends the chat.");
                continue;
            } catch (EndOfFileException ended) {
                return;
            }
            if (text.startsWith("/")) {
                SlashCommands.Outcome outcome = commands.run(text);
                outcome.lines().forEach(this::faint);
                switch (outcome.next()) {
                    case END -> {
                        return;
                    }
                    case ANSWER_AGAIN -> answer(null);
                    case GO_ON -> {
                        // the next line
                    }
                }
            } else if (!text.isEmpty()) {
                answer(text);
            }
        }
    }

    /** @param question null to have the last one answered again */
    private void answer(@Nullable String question) throws InterruptedException {
        Interruption interruption = new Interruption();
        answering.set(interruption);
        Shown shown = new Shown();
        try {
            Answer answer = question == null
                    ? conversation.again(shown, interruption)
                    : conversation.ask(question, shown, interruption);
            if (answer == null) {
                faint("Nothing has been asked yet.");
                return;
            }
            shown.end();
            if (conversation.forgotten() > 0) {
                faint("(the context is full: the oldest %d exchanges are forgotten)"
                        .formatted(conversation.forgotten()));
            }
            faint(
                    answer.finishReason().equals("stop")
                            ? answer.summary()
                            : answer.summary() + " (" + answer.finishReason() + ")");
        } catch (CommandFailure refused) {
            shown.end();
            line(refused.getMessage(), AttributedStyle.DEFAULT.foreground(AttributedStyle.RED));
            if (!refused.remedy().isEmpty()) {
                faint(refused.remedy());
            }
        } finally {
            answering.set(null);
        }
    }

    /** What the model thinks is faint; its answer begins on a new line. */
    private final class Shown implements InferenceApi.Listener {

        private boolean begun;
        private boolean thinking;

        @Override
        public void text(String piece) {
            if (thinking) {
                end();
                thinking = false;
            }
            begun = true;
            terminal.writer().print(piece);
            terminal.flush();
        }

        @Override
        public void reasoning(String piece) {
            begun = true;
            thinking = true;
            terminal.writer().print(styled(piece, AttributedStyle.DEFAULT.faint()));
            terminal.flush();
        }

        private void end() {
            if (begun) {
                terminal.writer().println();
                terminal.flush();
            }
        }
    }

    private void faint(String text) {
        line(text, AttributedStyle.DEFAULT.faint());
    }

    private void line(@Nullable String text, AttributedStyle style) {
        terminal.writer().println(styled(String.valueOf(text), style));
        terminal.flush();
    }

    private String styled(String text, AttributedStyle style) {
        return new AttributedStringBuilder().style(style).append(text).toAnsi(terminal);
    }
}
