package io.shiftadd.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.cli.platform.ServerSentEvents.Event;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerSentEventsTest {

    @Test
    void readsIdTypeAndData() throws IOException {
        assertThat(read("retry: 2000\n\nid: 17\nevent: state\ndata: {\"a\":1}\n\n"))
                .containsExactly(new Event("17", "state", "{\"a\":1}"));
    }

    @Test
    void joinsLinesOfDataAndSkipsComments() throws IOException {
        assertThat(read(": keep-alive\n\ndata: one\ndata:two\n: comment\ndata\n\n"))
                .containsExactly(new Event("", "message", "one\ntwo\n"));
    }

    @Test
    void forgetsTheTypeOfAnEventWithoutData() throws IOException {
        assertThat(read("event: empty\n\ndata: x\n\n")).containsExactly(new Event("", "message", "x"));
    }

    @Test
    void dropsAnEventThatTheEndCutsOff() throws IOException {
        assertThat(read("data: whole\r\n\r\ndata: torn\n")).containsExactly(new Event("", "message", "whole"));
    }

    private static List<Event> read(String stream) throws IOException {
        List<Event> all = new ArrayList<>();
        try (ServerSentEvents events =
                new ServerSentEvents(new ByteArrayInputStream(stream.getBytes(StandardCharsets.UTF_8)))) {
            Event event;
            while ((event = events.next()) != null) {
                all.add(event);
            }
        }
        return all;
    }
}
