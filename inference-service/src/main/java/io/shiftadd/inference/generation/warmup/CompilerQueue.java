package io.shiftadd.inference.generation.warmup;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the JVM's compiler still has to do. It compiles in the background: that passes have not become faster for a
 * moment does not mean that they will not, as long as the compiler is at work.
 */
final class CompilerQueue {

    private static final Logger LOG = LoggerFactory.getLogger(CompilerQueue.class);
    private static final String DIAGNOSTICS = "com.sun.management:type=DiagnosticCommand";
    private static final String COMMAND = "compilerQueue";

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private boolean tells = true;

    /** Whether nothing is being compiled and nothing waits for it; true on a JVM that does not tell. */
    boolean isIdle() {
        if (!tells) {
            return true;
        }
        try {
            Object answer =
                    server.invoke(new ObjectName(DIAGNOSTICS), COMMAND, new Object[] {new String[0]}, new String[] {
                        String[].class.getName()
                    });
            return isIdle(String.valueOf(answer));
        } catch (JMException | RuntimeException e) {
            LOG.debug("This JVM does not tell what it compiles", e);
            tells = false;
            return true;
        }
    }

    /** @param text of jcmd's Compiler.queue: headings that end in a colon, and below them methods, or "Empty" */
    static boolean isIdle(String text) {
        return text.lines()
                .map(String::strip)
                .allMatch(line -> line.isEmpty() || line.endsWith(":") || line.equals("Empty"));
    }
}
