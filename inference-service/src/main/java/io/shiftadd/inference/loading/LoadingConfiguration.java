package io.shiftadd.inference.loading;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.shiftadd.inference.generation.CacheMemory;
import io.shiftadd.inference.generation.ComputeTurns;
import io.shiftadd.inference.generation.EngineSettings;
import io.shiftadd.inference.prefix.PrefixDisk;
import io.shiftadd.store.ArtifactCache;
import io.shiftadd.store.ObjectStore;
import io.shiftadd.store.ObjectStoreSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InferenceSettings.class)
class LoadingConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(LoadingConfiguration.class);

    private static final List<String> PROBES = List.of("http get /actuator", "http get /health");
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(2);

    /** The registry, for whatever asks it: models here, API keys at the entrance. */
    @Bean
    RestClient registryHttp(
            @Value("${shiftadd.registry-url}") String url,
            @Value("${shiftadd.registry-api-key:}") String apiKey,
            ObservationRegistry observations) {
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(http);
        factory.setReadTimeout(READ_TIMEOUT);
        RestClient.Builder builder =
                RestClient.builder().baseUrl(url).requestFactory(factory).observationRegistry(observations);
        return apiKey.isEmpty()
                ? builder.build()
                : builder.defaultHeader("Authorization", "Bearer " + apiKey).build();
    }

    /** Probes and scrapes come every few seconds and would bury what people asked. */
    @Bean
    SpanExportingPredicate withoutProbes() {
        return span -> span.getName() == null
                || PROBES.stream().noneMatch(probe -> span.getName().startsWith(probe));
    }

    @Bean
    ModelDirectory modelDirectory(RestClient registryHttp) {
        return new ModelDirectory(new RegistryClient(registryHttp));
    }

    @Bean(destroyMethod = "close")
    ComputeTurns computeTurns(InferenceSettings settings) {
        return new ComputeTurns(
                settings.threads() > 0
                        ? settings.threads()
                        : Runtime.getRuntime().availableProcessors());
    }

    @Bean(destroyMethod = "close")
    ServedModels servedModels(
            ModelDirectory directory,
            ComputeTurns turns,
            InferenceSettings settings,
            HeapShares shares,
            PrefixDisk prefixes,
            WarmUpAtStart warmUp,
            MeterRegistry meters,
            Tracer tracer,
            Environment environment) {
        EngineSettings engine = new EngineSettings(
                settings.maxSequences(),
                settings.maxWaiting(),
                settings.maxStepTokens(),
                settings.streamCapacity(),
                settings.speculation(),
                settings.readerTimeout());
        ModelLoader loader = new DiskModelLoader(
                directory,
                turns,
                engine,
                new CacheMemory(shares.cacheBytes()),
                settings.cachePrecision(),
                settings.warmUp(),
                new EngineMetrics(meters, turns),
                artifacts(environment),
                prefixes);
        ModelLoader first = model -> {
            warmUp.giveWay();
            return loader.load(model);
        };
        ModelLoader pooled = new TracedLoader(new PooledLoader(first), tracer);
        return new ServedModels(directory, pooled, memoryBytes(settings), settings.pinned());
    }

    /** Closed after the models, which put their prefixes aside when they are. */
    @Bean(destroyMethod = "close")
    PrefixDisk prefixDisk(InferenceSettings settings, Environment environment, MeterRegistry meters) {
        PrefixDisk disk = opened(
                Path.of(data(environment), "cache", "prefix"),
                settings.prefixDisk().toBytes());
        EngineMetrics.observe(disk, meters);
        return disk;
    }

    private static PrefixDisk opened(Path directory, long budget) {
        if (budget <= 0) {
            return PrefixDisk.off();
        }
        try {
            return PrefixDisk.open(directory, budget);
        } catch (IOException e) {
            LOG.warn("No beginnings of prompts are kept on disk: {} cannot be used: {}", directory, e.toString());
            return PrefixDisk.off();
        }
    }

    private static String data(Environment environment) {
        return environment.getProperty("shiftadd.data-directory", "./.shiftadd");
    }

    @Bean
    HeapShares heapShares(InferenceSettings settings) {
        return HeapShares.of(Runtime.getRuntime().maxMemory(), settings.cacheBytes(), settings.requestBytes());
    }

    @Bean(destroyMethod = "close")
    ModelWatch modelWatch(ServedModels models) {
        return new ModelWatch(models).start();
    }

    @Bean
    ModelHealth modelHealthIndicator(ServedModels models) {
        return new ModelHealth(models);
    }

    /** Only where artifacts are in object storage. */
    private static @Nullable ArtifactCache artifacts(Environment environment) {
        return Binder.get(environment)
                .bind("shiftadd.artifacts.s3", ObjectStoreSettings.class)
                .map(settings -> new ArtifactCache(Path.of(data(environment), "cache"), new ObjectStore(settings)))
                .orElse(null);
    }

    private static long memoryBytes(InferenceSettings settings) {
        long configured = settings.memoryBytes().toBytes();
        if (configured > 0) {
            return configured;
        }
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return machine.getTotalMemorySize() / 2;
    }

    @Bean(destroyMethod = "close")
    WarmUpAtStart warmUpAtStart(ComputeTurns turns, InferenceSettings settings) {
        return new WarmUpAtStart(turns, settings.cachePrecision());
    }

    @Bean(destroyMethod = "close")
    IdleModels idleModels(ServedModels models, InferenceSettings settings) {
        return new IdleModels(models, settings.idleUnload());
    }

    @Bean
    PinnedModels pinnedModels(ServedModels models, InferenceSettings settings) {
        return new PinnedModels(models, settings.pinned());
    }
}
