package io.shiftadd.cli.chat;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.Terminal;
import io.shiftadd.cli.job.QuantizeCommand;
import io.shiftadd.cli.job.RecipeOptions;
import io.shiftadd.cli.job.Reparameterization;
import io.shiftadd.cli.model.ModelSource;
import io.shiftadd.cli.platform.Answer;
import io.shiftadd.cli.platform.Interruption;
import io.shiftadd.cli.platform.Platform;
import io.shiftadd.cli.stack.StackSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From a model's name to a conversation: brings up the stack, brings the model, makes it smaller if asked to. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Chats with a model. Starts the stack, pulls the model and, with an option that says how,"
                + " quantizes it first. With a question, or what is piped into it, answers that and ends.")
public final class RunCommand implements Callable<Integer> {

    private static final long MILLIS = 1000;

    @Parameters(
            index = "0",
            paramLabel = "<model>",
            description = "A name, owner/name or owner/name:QUANT of the Hub, a directory, or a .gguf file")
    private String model = "";

    @Parameters(index = "1..*", paramLabel = "<question>", description = "Answered instead of a chat")
    private List<String> question = List.of();

    @Mixin
    private RecipeOptions recipe = new RecipeOptions();

    @Option(names = "--system", paramLabel = "<text>", description = "What the model is told before everything else")
    private String system = "";

    @Option(names = "--temperature", paramLabel = "<t>", description = "0 takes the most probable token")
    private @Nullable Double temperature;

    @Option(names = "--max-tokens", paramLabel = "<n>", description = "Of an answer")
    private @Nullable Integer maxTokens;

    @Option(names = "--seed", paramLabel = "<n>", description = "The same seed gives the same answer")
    private @Nullable Long seed;

    @Option(names = "--set", paramLabel = "<field>=<value>", description = "Any other field of the requests")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--json", description = "Prints the answer as JSON; what goes on, to standard error.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException, IOException {
        boolean talks = question.isEmpty() && !json && Terminal.isInteractive();
        String asked = talks ? "" : asked();
        Terminal progress = talks ? Terminal.standard() : Terminal.aside();
        try (Platform platform = Platform.started(System.getenv(), progress)) {
            String name = bring(platform, progress);
            Conversation conversation = new Conversation(platform.inference(), name);
            conversation.system(system);
            set.forEach(conversation::set);
            set(conversation, "temperature", temperature);
            set(conversation, "max_completion_tokens", maxTokens);
            set(conversation, "seed", seed);
            if (talks) {
                talk(platform, conversation);
            } else {
                answer(conversation, asked);
            }
        }
        return 0;
    }

    private static void set(Conversation conversation, String field, @Nullable Object value) {
        if (value != null) {
            conversation.set(field, value.toString());
        }
    }

    /** Words of the command line, else all of standard input. */
    private String asked() throws IOException {
        String text = question.isEmpty()
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip()
                : String.join(" ", question);
        if (text.isEmpty()) {
            throw new CommandFailure(
                    "there is no question, and no terminal to ask at",
                    "Give it behind the model's name, or pipe it in: echo 'Hello' | ./shiftadd run " + model);
        }
        return text;
    }

    private String bring(Platform platform, Terminal progress) throws InterruptedException {
        JsonNode found = new ModelSource(platform, progress).bring(model);
        if (recipe.isAsked()) {
            found = new Reparameterization(platform.registry(), progress)
                    .make(found, QuantizeCommand.request(platform.registry(), recipe));
        }
        return found.path("name").asString();
    }

    private void talk(Platform platform, Conversation conversation) throws InterruptedException, IOException {
        Path home = platform.local()
                .map(StackSettings::dataDirectory)
                .orElseGet(() -> Path.of(System.getProperty("user.home")));
        try (org.jline.terminal.Terminal terminal =
                TerminalBuilder.builder().system(true).build()) {
            new ChatTerminal(terminal, conversation, home.resolve(".shiftadd-chat-history")).run();
        }
    }

    private void answer(Conversation conversation, String asked) throws InterruptedException {
        Answer answer = conversation.ask(
                asked,
                piece -> {
                    if (!json) {
                        System.out.print(piece);
                        System.out.flush();
                    }
                },
                new Interruption());
        System.out.println(json ? line(conversation.model(), answer) : "");
    }

    private static String line(String model, Answer answer) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("model", model);
        line.put("content", answer.text());
        line.put("finish_reason", answer.finishReason());
        line.put("prompt_tokens", answer.promptTokens());
        line.put("completion_tokens", answer.tokens());
        line.put("first_token_milliseconds", Math.round(answer.firstTokenSeconds() * MILLIS));
        line.put("tokens_per_second", answer.tokensPerSecond());
        return JsonMapper.shared().writeValueAsString(line);
    }
}
