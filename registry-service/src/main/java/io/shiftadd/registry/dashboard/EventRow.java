package io.shiftadd.registry.dashboard;

import java.time.Instant;

/** A line of a job's event log. */
public record EventRow(long id, Instant at, String type, String data) {

    /** Its data without the signs of JSON. */
    public String text() {
        return data.replaceAll("[{}\"]", "").replaceAll("\\s*:\\s*", " ").replaceAll("(-?\\d+\\.\\d{3})\\d+", "$1");
    }
}
