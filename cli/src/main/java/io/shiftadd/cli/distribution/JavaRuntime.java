package io.shiftadd.cli.distribution;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/** A Java runtime of the modules that the services and the command line use, made by the JDK's jlink. */
final class JavaRuntime {

    /** The standard ones; what Spring, Tomcat and the drivers look for by name; the kernels' vectors. */
    private static final List<String> MODULES = List.of(
            "java.se",
            "jdk.crypto.ec",
            "jdk.httpserver",
            "jdk.incubator.vector",
            "jdk.jfr",
            "jdk.management",
            "jdk.management.agent",
            "jdk.naming.dns",
            "jdk.net",
            "jdk.unsupported",
            "jdk.zipfs");

    private final Path folder;

    JavaRuntime(Path folder) {
        this.folder = folder;
    }

    void write() throws IOException {
        ApplicationTree.remove(folder);
        ToolProvider jlink = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new CommandFailure("this Java has no jlink", "Run it with a whole JDK 25."));
        StringWriter said = new StringWriter();
        int status = jlink.run(
                new PrintWriter(said),
                new PrintWriter(said),
                "--add-modules",
                String.join(",", MODULES),
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--compress",
                "zip-6",
                "--output",
                folder.toString());
        if (status != 0) {
            throw new CommandFailure(
                    "jlink made no runtime: " + said.toString().strip(),
                    "A JDK without jmods has to be one that links from itself (JEP 493), as Temurin 25 is.");
        }
    }
}
