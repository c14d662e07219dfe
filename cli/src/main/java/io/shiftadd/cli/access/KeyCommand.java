package io.shiftadd.cli.access;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.Figures;
import io.shiftadd.cli.Table;
import io.shiftadd.cli.platform.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lists, makes and revokes API keys. */
@Command(name = "key", mixinStandardHelpOptions = true, description = "Lists API keys; makes or revokes one.")
public final class KeyCommand implements Callable<Integer> {

    @Option(names = "--json", description = "As the platform API lists them.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        try (Platform platform = Platform.asItIs(System.getenv())) {
            List<JsonNode> keys = platform.registry().keys();
            if (json) {
                System.out.println(JsonMapper.shared().valueToTree(keys).toPrettyString());
            } else if (keys.isEmpty()) {
                System.out.println(
                        "There is no key; on loopback none is needed. Make one: ./shiftadd key create <name>");
            } else {
                table(keys, Instant.now()).forEach(System.out::println);
            }
        }
        return 0;
    }

    private static List<String> table(List<JsonNode> keys, Instant now) {
        Table table = new Table("NAME", "BEGINS WITH", "SCOPES", "MADE", "STATE");
        for (JsonNode key : keys) {
            List<String> scopes = new ArrayList<>();
            key.path("scopes").forEach(scope -> scopes.add(scope.asString()));
            table.row(
                    key.path("name").asString(),
                    key.path("prefix").asString(),
                    String.join(", ", scopes),
                    Figures.ago(key.path("createdAt").asString(""), now),
                    key.path("revokedAt").isString() ? "revoked" : "valid");
        }
        return table.lines();
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Makes a key and prints it, this once.")
    int create(
            @Parameters(paramLabel = "<name>", description = "What it is for") String name,
            @Option(
                            names = "--scope",
                            split = ",",
                            paramLabel = "<scope>",
                            description = "inference (default), admin, or both")
                    @Nullable
                    List<String> scopes,
            @Option(names = "--requests-per-minute", paramLabel = "<n>", description = "Default: no limit") @Nullable
                    Integer limit)
            throws InterruptedException {
        Map<String, Object> request = new LinkedHashMap<>(Map.of("name", name));
        if (scopes != null) {
            request.put("scopes", scopes);
        }
        if (limit != null) {
            request.put("requestsPerMinute", limit);
        }
        try (Platform platform = Platform.asItIs(System.getenv())) {
            System.out.println(
                    platform.registry().createKey(request).path("key").asString());
        }
        return 0;
    }

    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Makes a key invalid.")
    int revoke(@Parameters(paramLabel = "<name>", description = "Its name or id") String name)
            throws InterruptedException {
        try (Platform platform = Platform.asItIs(System.getenv())) {
            JsonNode key = platform.registry().keys().stream()
                    .filter(one -> !one.path("revokedAt").isString())
                    .filter(one -> name.equals(one.path("name").asString())
                            || name.equals(one.path("id").asString()))
                    .findFirst()
                    .orElseThrow(
                            () -> new CommandFailure("there is no valid key " + name, "./shiftadd key lists them."));
            platform.registry().revokeKey(key.path("id").asString());
            System.out.println("revoked " + key.path("name").asString());
        }
        return 0;
    }
}
