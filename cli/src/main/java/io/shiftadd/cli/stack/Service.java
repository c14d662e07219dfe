package io.shiftadd.cli.stack;

import java.util.List;

/** The services of the platform, in the order in which they start. */
public enum Service {
    /** System of record and platform API. Small and short-lived work: quick to start matters more than peak speed. */
    REGISTRY("registry", 8080, true, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m")),

    /** Runs the jobs. */
    QUANTIZE("quantize", 8081, true, List.of()),

    /**
     * Serves the models; has no database. What is resident is to be the models: a small young generation, because
     * others let garbage spread over as much memory as half a model before they collect it.
     */
    INFERENCE("inference", 8082, false, List.of("-XX:+UseSerialGC", "-Xmn48m")),

    /** A simulated robot that does what is said; runs only when it is asked for. */
    MOTION("motion", 8083, false, List.of("-XX:+UseSerialGC", "-Xmx256m"));

    private final String shortName;
    private final int defaultPort;
    private final boolean needsDatabase;
    private final List<String> jvmOptions;

    Service(String shortName, int defaultPort, boolean needsDatabase, List<String> jvmOptions) {
        this.shortName = shortName;
        this.defaultPort = defaultPort;
        this.needsDatabase = needsDatabase;
        this.jvmOptions = jvmOptions;
    }

    /** Whether it runs only when it is asked for: nothing else needs it. */
    public boolean isOptional() {
        return this == MOTION;
    }

    /** As it is shown, and as its log file is called. */
    public String shortName() {
        return shortName;
    }

    String module() {
        return shortName + "-service";
    }

    int defaultPort() {
        return defaultPort;
    }

    boolean needsDatabase() {
        return needsDatabase;
    }

    /** Beside those that all have. */
    List<String> jvmOptions() {
        return jvmOptions;
    }

    /** The environment variable that overrides the port. */
    String portVariable() {
        return "SHIFTADD_" + name() + "_PORT";
    }
}
