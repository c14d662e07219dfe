package io.shiftadd.cli.platform;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.Terminal;
import io.shiftadd.cli.stack.LocalStack;
import io.shiftadd.cli.stack.PartStatus;
import io.shiftadd.cli.stack.Service;
import io.shiftadd.cli.stack.StackReport;
import io.shiftadd.cli.stack.StackSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * A platform to work with: the stack of this machine, or services elsewhere that {@code SHIFTADD_REGISTRY_URL} and
 * {@code SHIFTADD_INFERENCE_URL} name. Where keys are asked for, {@code SHIFTADD_API_KEY} is sent.
 */
public final class Platform implements AutoCloseable {

    private static final String REGISTRY_URL = "SHIFTADD_REGISTRY_URL";
    private static final String INFERENCE_URL = "SHIFTADD_INFERENCE_URL";
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final PlatformApi registry;
    private final InferenceApi inference;
    private final Optional<StackSettings> local;

    private Platform(String registryUrl, String inferenceUrl, String key, Optional<StackSettings> local) {
        JsonHttp http = new JsonHttp(client, JsonMapper.shared(), key);
        this.registry = new PlatformApi(http, registryUrl);
        this.inference = new InferenceApi(http, inferenceUrl);
        this.local = local;
    }

    /** The platform as it is: nothing is started. Whether it answers shows when it is asked. */
    public static Platform asItIs(Map<String, String> environment) {
        return of(environment, Optional.empty());
    }

    /**
     * The platform, with what does not run of this machine's stack brought up first.
     *
     * @param progress is told of what had to be started
     */
    public static Platform started(Map<String, String> environment, Terminal progress) throws InterruptedException {
        return of(environment, Optional.of(progress));
    }

    private static Platform of(Map<String, String> environment, Optional<Terminal> start) {
        String registryUrl = url(environment, REGISTRY_URL);
        String inferenceUrl = url(environment, INFERENCE_URL);
        String key = environment.getOrDefault("SHIFTADD_API_KEY", "").strip();
        if (registryUrl.isEmpty() != inferenceUrl.isEmpty()) {
            throw new CommandFailure(
                    (registryUrl.isEmpty() ? INFERENCE_URL : REGISTRY_URL) + " is set without the other",
                    "Set both %s and %s, or neither for the stack of this machine."
                            .formatted(REGISTRY_URL, INFERENCE_URL));
        }
        if (!registryUrl.isEmpty()) {
            return new Platform(registryUrl, inferenceUrl, key, Optional.empty());
        }
        StackSettings settings = StackSettings.of(environment);
        LocalStack stack = new LocalStack(settings, new StackReport(start.orElseGet(Terminal::standard)));
        start.ifPresent(_ -> bringUp(stack));
        return new Platform(stack.url(Service.REGISTRY), stack.url(Service.INFERENCE), key, Optional.of(settings));
    }

    /** Looking first costs a tenth of what starting costs, even where nothing is to be started. */
    private static void bringUp(LocalStack stack) {
        try {
            boolean ready = stack.status().stream().allMatch(PartStatus::isReady);
            if (!ready) {
                stack.up();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while the stack was starting", "Run it again.", e);
        }
    }

    private static String url(Map<String, String> environment, String variable) {
        String url = environment.getOrDefault(variable, "").strip().replaceFirst("/+$", "");
        if (url.isEmpty()) {
            return url;
        }
        try {
            String scheme = String.valueOf(URI.create(url).getScheme());
            if (scheme.matches("https?")) {
                return url;
            }
        } catch (IllegalArgumentException notAnAddress) {
            // said below
        }
        throw new CommandFailure(
                "%s is '%s', which is no address of a service".formatted(variable, url),
                "Set it to http:// or https://, a host and perhaps a port, or unset it.");
    }

    /** The registry's platform API. */
    public PlatformApi registry() {
        return registry;
    }

    /** The OpenAI-style API. */
    public InferenceApi inference() {
        return inference;
    }

    /** Where the stack lies if it is this machine's; files of this machine are of no use to another. */
    public Optional<StackSettings> local() {
        return local;
    }

    @Override
    public void close() {
        client.close();
    }
}
