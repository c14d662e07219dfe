package io.shiftadd.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class EphemeralPostgresIT {

    @Test
    void givesEachCallerADatabaseOfItsOwn() throws Exception {
        PostgresAccess one = EphemeralPostgres.newDatabase();
        PostgresAccess other = EphemeralPostgres.newDatabase();
        assertThat(other.port()).isEqualTo(one.port());
        assertThat(other.database()).isNotEqualTo(one.database());
        try (Connection connection = one.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table mine (n int)");
        }
        try (Connection connection = other.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select to_regclass('mine')")) {
            rows.next();
            assertThat(rows.getString(1)).isNull();
        }
    }
}
