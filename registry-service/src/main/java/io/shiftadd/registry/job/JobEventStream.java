package io.shiftadd.registry.job;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a job's events as a stream of server-sent events: first the history, then what happens, until the job has
 * ended. It runs on the request's own (virtual) thread, so that a reader who stalls holds up nobody else.
 */
@Component
class JobEventStream {

    private static final Logger log = LoggerFactory.getLogger(JobEventStream.class);

    private static final int BATCH = 500;
    private static final String OPENING = "retry: 2000\n";
    private static final String KEEP_ALIVE = ": keep-alive\n";

    private final JobRecords records;
    private final JobEventFeed feed;
    private final JsonMapper json;
    private final Duration keepAlive;

    JobEventStream(JobRecords records, JobEventFeed feed, JsonMapper json, JobProperties properties) {
        this.records = records;
        this.feed = feed;
        this.json = json;
        this.keepAlive = properties.keepAlive();
    }

    /** Whether there is nothing left to send after an event: the job has ended, and that was told. */
    boolean isExhausted(UUID job, long after) {
        return !records.isActive(job) && records.eventsAfter(job, after, 1).isEmpty();
    }

    /**
     * @param after id of the last event that the client has seen, 0 for none
     * @throws IOException when the client has gone
     */
    void write(UUID job, long after, OutputStream out) throws IOException {
        try (JobEventFeed.Subscription subscription = feed.subscribe(job)) {
            send(out, OPENING);
            long last = after;
            while (subscription.isOpen()) {
                // the state before the events: an event that is missed here keeps the stream open for another round
                boolean active = true;
                List<JobEvent> events = List.of();
                try {
                    active = records.isActive(job);
                    events = records.eventsAfter(job, last, BATCH);
                } catch (DataAccessException e) {
                    log.debug("Events of job {} cannot be read for now: {}", job, e.getMessage());
                }
                if (!events.isEmpty()) {
                    send(out, format(events));
                    last = events.getLast().id();
                } else if (!active) {
                    return;
                } else if (!subscription.await(keepAlive)) {
                    send(out, KEEP_ALIVE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String format(List<JobEvent> events) {
        StringBuilder text = new StringBuilder();
        for (JobEvent event : events) {
            text.append("id: ").append(event.id()).append('\n');
            text.append("event: ").append(event.type()).append('\n');
            text.append("data: ").append(json.writeValueAsString(event)).append("\n\n");
        }
        return text.toString();
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
