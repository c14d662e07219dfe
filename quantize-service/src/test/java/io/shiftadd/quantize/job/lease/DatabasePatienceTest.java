package io.shiftadd.quantize.job.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

class DatabasePatienceTest {

    private final AtomicInteger tries = new AtomicInteger();

    private static CannotGetJdbcConnectionException away() {
        return new CannotGetJdbcConnectionException("connection refused", new SQLException("refused", "08001"));
    }

    @Test
    void triesUntilTheDatabaseIsBack() {
        String answer = new DatabasePatience(Duration.ofSeconds(30)).call(() -> {
            if (tries.incrementAndGet() < 3) {
                throw away();
            }
            return "back";
        });
        assertThat(answer).isEqualTo("back");
        assertThat(tries).hasValue(3);
    }

    @Test
    void givesUpAtItsLimit() {
        assertThatThrownBy(() -> new DatabasePatience(Duration.ofMillis(300)).run(() -> {
                    tries.incrementAndGet();
                    throw away();
                }))
                .isInstanceOf(CannotGetJdbcConnectionException.class);
        assertThat(tries).hasValue(2);
    }

    @Test
    void hasNoPatienceWithoutTime() {
        assertThatThrownBy(() -> new DatabasePatience(Duration.ZERO).run(() -> {
                    tries.incrementAndGet();
                    throw away();
                }))
                .isInstanceOf(CannotGetJdbcConnectionException.class);
        assertThat(tries).hasValue(1);
    }

    @Test
    void anInterruptEndsTheWaitAndIsKept() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> new DatabasePatience(Duration.ofSeconds(30)).run(() -> {
                    tries.incrementAndGet();
                    throw away();
                }))
                .isInstanceOf(CannotGetJdbcConnectionException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(tries).hasValue(1);
    }

    @Test
    void doesNotRepeatAStatementThatIsWrong() {
        assertThatThrownBy(() -> new DatabasePatience(Duration.ofSeconds(30)).run(() -> {
                    tries.incrementAndGet();
                    throw new DuplicateKeyException("taken", new SQLException("taken", "23505"));
                }))
                .isInstanceOf(DuplicateKeyException.class);
        assertThat(tries).hasValue(1);
    }
}
