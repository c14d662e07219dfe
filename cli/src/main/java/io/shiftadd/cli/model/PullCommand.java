package io.shiftadd.cli.model;

import io.shiftadd.cli.Terminal;
import io.shiftadd.cli.platform.Platform;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Brings a model here. */
@Command(
        name = "pull",
        mixinStandardHelpOptions = true,
        description = "Brings a model here: from the Hub, or from files of this machine. Starts the stack if need be.")
public final class PullCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "<model>",
            description = "owner/name, owner/name:QUANT for one of its GGUF files, a directory, or a .gguf file")
    private String model = "";

    @Option(names = "--name", paramLabel = "<name>", description = "What to call it. Default: the last part of its own")
    private @Nullable String name;

    @Option(
            names = "--revision",
            paramLabel = "<revision>",
            description = "Branch, tag, commit or refs/pr/<number> of the Hub's repository. Default: main")
    private String revision = "main";

    @Option(names = "--json", description = "Prints the model as JSON; what goes on, to standard error.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Terminal progress = json ? Terminal.aside() : Terminal.standard();
        try (Platform platform = Platform.started(System.getenv(), progress)) {
            JsonNode pulled = new ModelSource(platform, progress).bring(model, name, revision);
            if (json) {
                System.out.println(pulled.toPrettyString());
            } else {
                progress.line("  " + ModelLines.sentence(pulled));
                progress.line(
                        "Chat with it: ./shiftadd run " + pulled.path("name").asString());
            }
        }
        return 0;
    }
}
