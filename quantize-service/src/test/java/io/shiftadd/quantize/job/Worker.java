package io.shiftadd.quantize.job;

import io.shiftadd.postgres.PostgresAccess;
import io.shiftadd.quantize.QuantizeApplication;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The service itself, in this process, over a test's database. */
final class Worker implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private Worker(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static Worker start(Registry registry, Path data, Map<String, ?> settings) {
        Map<String, Object> properties = properties(registry.access(), data);
        properties.putAll(settings);
        String[] arguments = properties.entrySet().stream()
                .map(entry -> "--" + entry.getKey() + "=" + entry.getValue())
                .toArray(String[]::new);
        return new Worker(new SpringApplicationBuilder(QuantizeApplication.class).run(arguments));
    }

    static Map<String, Object> properties(PostgresAccess access, Path data) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("server.port", 0);
        properties.put("spring.datasource.url", access.jdbcUrl());
        properties.put("spring.datasource.username", access.username());
        properties.put("spring.datasource.password", access.password());
        properties.put("spring.main.banner-mode", "off");
        properties.put("shiftadd.data-directory", data);
        properties.put("shiftadd.jobs.lease", "3s");
        properties.put("shiftadd.jobs.heartbeat", "500ms");
        properties.put("shiftadd.jobs.tick", "50ms");
        properties.put("shiftadd.jobs.poll", "50ms");
        properties.put("shiftadd.jobs.backoff", "100ms");
        return properties;
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    int port() {
        return context.getEnvironment().getProperty("local.server.port", Integer.class, 0);
    }

    @Override
    public void close() {
        context.close();
    }
}
