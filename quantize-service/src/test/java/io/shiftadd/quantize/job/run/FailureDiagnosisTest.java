package io.shiftadd.quantize.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.format.FormatException;
import io.shiftadd.job.JobId;
import io.shiftadd.quantize.job.lease.JobLease;
import io.shiftadd.quantize.job.lease.JobStoppedException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

class FailureDiagnosisTest {

    private final JobLease lease = new JobLease(new JobId(UUID.randomUUID()), "worker", 1);

    private Outcome diagnose(Throwable failure) {
        return FailureDiagnosis.diagnose(List.of(new IllegalStateException("a step failed", failure)), lease, "job 7");
    }

    @Test
    void saysWhatARefusalSays() {
        assertThat(diagnose(new JobRefusedException("too long", "make it shorter")))
                .isEqualTo(new Outcome.Failed("too long", "make it shorter"));
    }

    @Test
    void keepsWhatWhereLimitAndRemedyOfAMalformedFile() {
        assertThat(diagnose(
                        new FormatException("ends at 912", "model.safetensors", "the file ends at 900", "Fetch it.")))
                .isEqualTo(new Outcome.Failed("model.safetensors: ends at 912; the file ends at 900", "Fetch it."));
    }

    @Test
    void tellsAFullDisk() {
        IOException full = new IOException("/data/x: No space left on device");
        assertThat(diagnose(new UncheckedIOException("cannot write /data/x", full)))
                .isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                    assertThat(failed.cause()).contains("disk is full").contains("/data/x");
                    assertThat(failed.remedy()).contains("Free space").contains("last finished block");
                });
    }

    @Test
    void tellsAMissingFile() {
        assertThat(diagnose(new NoSuchFileException("/models/config.json")))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.cause()).contains("/models/config.json is gone"));
    }

    @Test
    void doesNotBlameTheJobForTheDatabase() {
        assertThat(diagnose(new CannotGetJdbcConnectionException("no", new SQLException("refused", "08001"))))
                .isInstanceOf(Outcome.Interrupted.class);
        assertThat(diagnose(new SQLException("terminating connection", "57P01")))
                .isInstanceOf(Outcome.Interrupted.class);
    }

    @Test
    void whatIsUnknownIsWorthAnotherAttemptAndLeadsToTheLog() {
        assertThat(diagnose(new ArithmeticException("/ by zero")))
                .isInstanceOfSatisfying(Outcome.Faulted.class, faulted -> {
                    assertThat(faulted.cause()).isEqualTo("unexpected failure: ArithmeticException: / by zero");
                    assertThat(faulted.remedy()).contains("'job 7'").contains("log");
                });
    }

    @Test
    void aStopExplainsEveryFailure() {
        lease.stop(Reason.CANCELLED);
        assertThat(diagnose(new ClosedByInterruptException())).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    void aLostLeaseOverrulesACancel() {
        lease.stop(Reason.CANCELLED);
        lease.stop(Reason.LEASE_LOST);
        assertThat(diagnose(new IOException("x"))).isInstanceOf(Outcome.Lost.class);
    }

    @Test
    void aShutdownGivesTheJobBack() {
        lease.stop(Reason.SHUTDOWN);
        assertThat(diagnose(new InterruptedException())).isInstanceOf(Outcome.Released.class);
    }
}
