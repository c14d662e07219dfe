package io.shiftadd.motion.api;

import io.shiftadd.http.problem.FieldError;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.motion.mujoco.LibrarySearch;
import io.shiftadd.motion.mujoco.LibraryState;
import io.shiftadd.motion.session.MotionSession;
import io.shiftadd.motion.session.Sessions;
import jakarta.annotation.PreDestroy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** The sessions when the library is there; else the reason why there are none. */
@Component
@EnableConfigurationProperties(MotionSettings.class)
class Simulator implements HealthIndicator {

    private static final Logger LOG = LoggerFactory.getLogger(Simulator.class);

    private final LibraryState library;
    private final @Nullable Sessions sessions;

    Simulator(MotionSettings settings) {
        this.library = LibrarySearch.find(settings.library());
        switch (library) {
            case LibraryState.Ready(var mujoco, var origin) -> {
                LOG.info("MuJoCo {} from {}", mujoco.version(), origin);
                this.sessions = new Sessions(mujoco, settings.sessionSettings());
            }
            case LibraryState.Missing(var reason, var remedy) -> {
                LOG.warn("{}. {}", reason, remedy);
                this.sessions = null;
            }
        }
    }

    LibraryState library() {
        return library;
    }

    /** @throws ProblemException when the library is not there */
    Sessions sessions() {
        if (library instanceof LibraryState.Missing(var reason, var remedy)) {
            throw new ProblemException(ProblemType.LIBRARY_MISSING, reason + ". " + remedy);
        }
        return java.util.Objects.requireNonNull(sessions);
    }

    /** @throws ProblemException when there is no such session, or it has ended */
    MotionSession session(String id) {
        MotionSession session = sessions()
                .find(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no session '" + io.shiftadd.http.Shown.of(id)
                                + "'; it may have ended. Begin one: POST /api/v1/motion/sessions"));
        String ended = session.feed().ended();
        if (ended != null) {
            throw new ProblemException(ProblemType.SESSION_ENDED, ended);
        }
        return session;
    }

    /** Up without the library, too: the service answers, with what to do; see the details. */
    @Override
    public Health health() {
        return switch (library) {
            case LibraryState.Ready(var mujoco, var origin) ->
                Health.up()
                        .withDetail("mujoco", mujoco.version())
                        .withDetail("library", origin)
                        .withDetail("sessions", sessions().all().size())
                        .build();
            case LibraryState.Missing(var reason, var remedy) ->
                Health.unknown()
                        .withDetail("reason", reason)
                        .withDetail("remedy", remedy)
                        .build();
        };
    }

    static ProblemException invalid(List<io.shiftadd.motion.description.InvalidDescriptionException.Fault> faults) {
        return ProblemException.invalid(faults.stream()
                .map(fault -> new FieldError(fault.field(), fault.message(), fault.limit(), fault.remedy()))
                .toList());
    }

    @PreDestroy
    void close() {
        if (sessions != null) {
            sessions.close();
        }
    }
}
