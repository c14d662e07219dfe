package io.shiftadd.cli.platform;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.Terminal;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Follows a job to its end. The stream of events wakes the follower; what it shows it reads from the job itself, so
 * that a lost connection loses nothing.
 */
public final class JobFollower {

    private static final long LOOK_AT_LEAST_EVERY_MILLIS = 1000;
    private static final long REDRAW_AT_MOST_EVERY_MILLIS = 200;
    private static final long RECONNECT_AFTER_MILLIS = 1000;

    private final PlatformApi platform;
    private final Terminal terminal;
    private final Semaphore news = new Semaphore(0);

    public JobFollower(PlatformApi platform, Terminal terminal) {
        this.platform = platform;
        this.terminal = terminal;
    }

    /**
     * @param id of the job
     * @param layersOfABlock how many linear layers a block probably has
     * @return the job when it has succeeded
     * @throws CommandFailure when it has failed or was cancelled
     */
    public JsonNode follow(String id, int layersOfABlock) throws InterruptedException {
        Thread listener = Thread.ofVirtual().name("events-of-" + id).start(() -> listen(id));
        JobPicture picture = new JobPicture(terminal, layersOfABlock);
        try {
            while (true) {
                JsonNode job = platform.job(id);
                picture.layers(platform.layers(id), platform.blocks(id));
                picture.show(job);
                switch (job.path("state").asString("")) {
                    case "SUCCEEDED" -> {
                        terminal.keep();
                        return job;
                    }
                    case "FAILED" ->
                        throw new CommandFailure(
                                "the job failed: " + job.path("cause").asString("no cause given"),
                                job.path("remedy").asString("See ./shiftadd logs quantize")
                                        + "\nThen run it again; it goes on after the last finished block.");
                    case "CANCELLED" -> throw new CommandFailure("the job was cancelled", "Run it again to go on.");
                    default -> waitForNews();
                }
            }
        } finally {
            listener.interrupt();
        }
    }

    private void waitForNews() throws InterruptedException {
        Thread.sleep(REDRAW_AT_MOST_EVERY_MILLIS);
        news.tryAcquire(LOOK_AT_LEAST_EVERY_MILLIS - REDRAW_AT_MOST_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        news.drainPermits();
    }

    private void listen(String id) {
        String last = "";
        try {
            while (true) {
                try {
                    Optional<ServerSentEvents> stream = platform.events(id, last);
                    if (stream.isEmpty()) {
                        return;
                    }
                    try (ServerSentEvents events = stream.get()) {
                        ServerSentEvents.Event event;
                        while ((event = events.next()) != null) {
                            last = event.id();
                            news.release();
                        }
                    }
                } catch (IOException | CommandFailure connectionLost) {
                    // The follower looks by itself meanwhile.
                    news.release();
                }
                Thread.sleep(RECONNECT_AFTER_MILLIS);
            }
        } catch (InterruptedException followerHasEnded) {
            Thread.currentThread().interrupt();
        }
    }
}
