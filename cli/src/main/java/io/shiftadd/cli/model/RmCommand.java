package io.shiftadd.cli.model;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.platform.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Removes models. */
@Command(
        name = "rm",
        mixinStandardHelpOptions = true,
        description = "Removes models, with what was downloaded or copied for them; files that lay here stay.")
public final class RmCommand implements Callable<Integer> {

    @Parameters(paramLabel = "<model>", arity = "1..*", description = "Their names")
    private List<String> names = List.of();

    @Override
    public Integer call() throws InterruptedException {
        try (Platform platform = Platform.asItIs(System.getenv())) {
            for (String name : names) {
                JsonNode model = platform.registry().findModel(name).orElseThrow(() -> ShowCommand.unknown(name));
                platform.registry().deleteModel(model.path("id").asString());
                removeCopy(platform, model);
                System.out.println("removed " + model.path("name").asString());
            }
        }
        return 0;
    }

    private static void removeCopy(Platform platform, JsonNode model) {
        String location = model.path("location").asString("");
        if (platform.local().isEmpty() || location.isEmpty()) {
            return;
        }
        try {
            LocalCopy.remove(platform.local().get(), Path.of(location));
        } catch (IOException e) {
            throw new CommandFailure("the model is gone, its files are not: " + e, "Remove " + location, e);
        }
    }
}
