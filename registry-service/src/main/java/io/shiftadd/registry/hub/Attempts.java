package io.shiftadd.registry.hub;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How often something is tried that may fail for a passing reason, and how long to wait in between. */
record Attempts(int most, Duration pause) {

    private static final Logger log = LoggerFactory.getLogger(Attempts.class);

    interface Attempt<T> {
        /** @throws HubException when another attempt would not help */
        T run() throws IOException, InterruptedException;
    }

    <T> T at(Attempt<T> attempt) throws IOException, InterruptedException {
        for (int number = 1; ; number++) {
            try {
                return attempt.run();
            } catch (HubException e) {
                throw e;
            } catch (IOException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (number >= most) {
                    throw new IOException(
                            e.getMessage() + " (attempt " + number + "). Import it again to go on from there", e);
                }
                log.info("Attempt {} failed: {}", number, e.getMessage());
                Duration asked = e instanceof BusyException busy ? busy.pause() : Duration.ZERO;
                Thread.sleep(asked.compareTo(pause) > 0 ? asked : pause);
            }
        }
    }
}
