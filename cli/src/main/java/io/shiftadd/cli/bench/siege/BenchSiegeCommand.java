package io.shiftadd.cli.bench.siege;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All kinds of attacks at once on the running services, beside a steady honest load. */
@Command(
        name = "siege",
        mixinStandardHelpOptions = true,
        description =
                "Attacks the running services in all ways at once, and measures what honest clients get meanwhile.")
public final class BenchSiegeCommand implements Callable<Integer> {

    private static final double MOST_TIMES_SLOWER = 3;
    private static final double MOST_MORE_THREADS = 32;
    private static final double MOST_MORE_FILES = 64;
    private static final int REST_SECONDS = 8;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--seconds", defaultValue = "300", description = "Of the siege. Default: ${DEFAULT-VALUE}")
    int seconds;

    @Option(names = "--quiet", defaultValue = "60", description = "Seconds of quiet before. Default: ${DEFAULT-VALUE}")
    int quiet;

    @Option(
            names = "--every",
            defaultValue = "200",
            description = "Milliseconds from one honest request to the next. Default: ${DEFAULT-VALUE}")
    long every;

    @Option(names = "--only", split = ",", description = "Some of: ${COMPLETION-CANDIDATES}. Default: all")
    List<Attack> only = List.of(Attack.values());

    @Option(names = "--model", description = "Default: the first that the service lists.")
    @Nullable
    String model;

    @Option(
            names = "--key",
            defaultValue = "${env:SHIFTADD_API_KEY}",
            description = "API key, if the services ask for one.")
    @Nullable
    String key;

    private final Map<Attack, Integer> strikes = new TreeMap<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        URI inference = local("SHIFTADD_INFERENCE_PORT", "8082");
        URI registry = local("SHIFTADD_REGISTRY_PORT", "8080");
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            List<String> models = models(new Target(inference, registry, "", key, http));
            Target target = new Target(inference, registry, model == null ? models.getFirst() : model, key, http);
            return besiege(target, models) ? 0 : 1;
        }
    }

    private boolean besiege(Target target, List<String> models) throws IOException, InterruptedException {
        HonestLoad honest = new HonestLoad(target, every);
        honest.run(Math.min(10, quiet));
        Map<String, String> mute = silent(target, models);
        List<String> answering =
                models.stream().filter(name -> !mute.containsKey(name)).toList();
        ServiceGauges before = ServiceGauges.of(target);
        HonestLoad.Outcome calm = honest.run(quiet);
        print("quiet", calm);
        List<Thread> attackers = new ArrayList<>();
        for (Attack attack : only) {
            attackers.add(Thread.ofPlatform().daemon().name(attack.name()).start(() -> repeat(attack, target)));
        }
        HonestLoad.Outcome siege = honest.run(seconds);
        attackers.forEach(Thread::interrupt);
        print("siege", siege);
        Thread.sleep(REST_SECONDS * 1_000L);
        ServiceGauges after = ServiceGauges.of(target);
        Map<String, String> silent = silent(target, answering);
        out().println("strikes " + strikes);
        out().printf(
                        Locale.ROOT,
                        "heap %.0f -> %.0f MB, threads %.0f -> %.0f, files %.0f -> %.0f, running %.0f%n",
                        before.heapBytes() / 1e6,
                        after.heapBytes() / 1e6,
                        before.threads(),
                        after.threads(),
                        before.files(),
                        after.files(),
                        after.runningSequences());
        siege.lost().stream().distinct().forEach(why -> out().println("lost: " + why));
        silent.forEach((name, why) -> out().println("does not answer any more: " + name + " (" + why + ")"));
        boolean holds = siege.quantile(0.99) <= MOST_TIMES_SLOWER * calm.quantile(0.99)
                && siege.lost().isEmpty()
                && silent.isEmpty()
                && after.threads() <= before.threads() + MOST_MORE_THREADS
                && after.files() <= before.files() + MOST_MORE_FILES
                && after.runningSequences() == 0;
        out().println(holds ? "holds" : "does not hold");
        return holds;
    }

    private void repeat(Attack attack, Target target) {
        SplittableRandom random = new SplittableRandom(attack.ordinal());
        while (!Thread.currentThread().isInterrupted()) {
            try {
                synchronized (strikes) {
                    strikes.merge(attack, 1, Integer::sum);
                }
                attack.strike(target, random);
                Thread.sleep(50);
            } catch (IOException e) {
                // Whoever attacks is cut off now and then, and comes back.
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Models that do not answer, and why. */
    private static Map<String, String> silent(Target target, List<String> models) throws InterruptedException {
        Map<String, String> silent = new TreeMap<>();
        for (String name : models) {
            try {
                Map<String, Object> body = Map.of("model", name, "prompt", "Once", "max_tokens", 2);
                int status = target.post(target.inference(), "/v1/completions", body);
                if (status != 200) {
                    silent.put(name, "status " + status);
                }
            } catch (IOException e) {
                silent.put(name, e.toString());
            }
        }
        return silent;
    }

    private static List<String> models(Target target) throws InterruptedException {
        try {
            JsonNode list = JsonMapper.builder()
                    .build()
                    .readTree(target.get(target.inference(), "/v1/models"))
                    .path("data");
            if (list.isEmpty()) {
                throw new CommandFailure("the service has no model", "Register one: ./shiftadd demo");
            }
            return list.valueStream().map(one -> one.path("id").asString()).toList();
        } catch (IOException e) {
            throw new CommandFailure(
                    "nothing answers at " + target.inference() + ": " + e, "Start the services with: ./shiftadd up", e);
        }
    }

    private static URI local(String variable, String otherwise) {
        String port = System.getenv(variable);
        return URI.create("http://127.0.0.1:" + (port == null || port.isBlank() ? otherwise : port.strip()));
    }

    private void print(String phase, HonestLoad.Outcome outcome) {
        out().printf(
                        Locale.ROOT,
                        "%s: %d answered, p50 %.0f ms, p99 %.0f ms, most %.0f ms, lost %d%n",
                        phase,
                        outcome.millis().length,
                        outcome.quantile(0.5),
                        outcome.quantile(0.99),
                        outcome.quantile(1),
                        outcome.lost().size());
        out().flush();
    }

    private PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("picocli calls this after parsing the command line");
        }
        return spec.commandLine().getOut();
    }
}
