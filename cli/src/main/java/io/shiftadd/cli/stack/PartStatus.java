package io.shiftadd.cli.stack;

import java.nio.file.Path;
import java.util.Optional;

/**
 * @param name "postgres" or a service's short name
 * @param address where it listens; empty when it is down
 * @param process absent when it is down or not ours
 * @param log where it writes
 */
public record PartStatus(String name, State state, String address, Optional<ProcessHandle> process, Path log) {

    public enum State {
        READY("ready"),
        NOT_READY("not ready"),
        DOWN("down"),
        EXTERNAL("not ours");

        private final String words;

        State(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** Whether it can be worked with. */
    public boolean isReady() {
        return state == State.READY || state == State.EXTERNAL;
    }
}
