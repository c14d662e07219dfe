package io.shiftadd.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * How to reach one database on this machine.
 *
 * @param port TCP port of the server on loopback
 * @param database name of the database
 * @param username role that owns the database
 * @param password of the role
 */
public record PostgresAccess(int port, String database, String username, String password) {

    /** The address for a JDBC driver, without user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    }

    /** A data source that opens a connection each time it is asked: good for tests and tools, not for services. */
    public DataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl());
        source.setUser(username);
        source.setPassword(password);
        return source;
    }

    /** Opens a connection; the caller closes it. */
    public Connection connect() throws SQLException {
        return dataSource().getConnection();
    }

    @Override
    public String toString() {
        return "%s as %s".formatted(jdbcUrl(), username);
    }
}
