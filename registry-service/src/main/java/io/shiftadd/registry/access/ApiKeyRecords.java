package io.shiftadd.registry.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of API keys. */
@Repository
class ApiKeyRecords {

    private static final String SELECT =
            "select id, name, prefix, scopes, requests_per_minute, max_concurrent_requests,"
                    + " created_at, expires_at, revoked_at, last_used_at from registry.api_key ";

    private final JdbcClient jdbc;

    ApiKeyRecords(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(UUID id, ApiKeyRequest request, Secret secret) {
        jdbc.sql("""
                insert into registry.api_key
                    (id, name, prefix, secret_sha256, scopes, requests_per_minute, max_concurrent_requests, expires_at)
                values (:id, :name, :prefix, :sha256, :scopes::text[], :requests, :concurrent, :expires)""")
                .param("id", id)
                .param("name", request.name())
                .param("prefix", secret.prefix())
                .param("sha256", secret.sha256())
                .param("scopes", "{" + String.join(",", request.scopeWords()) + "}")
                .param("requests", request.requestsPerMinute())
                .param("concurrent", request.maxConcurrentRequests())
                .param("expires", timestamp(request.expiresAt()))
                .update();
    }

    Optional<ApiKeyView> find(UUID id) {
        return jdbc.sql(SELECT + "where id = :id")
                .param("id", id)
                .query(ApiKeyRecords::view)
                .optional();
    }

    /** A key that is valid now. */
    Optional<ApiKeyView> findValid(String sha256) {
        return jdbc.sql(SELECT + """
                        where secret_sha256 = :sha256 and revoked_at is null and (expires_at is null or expires_at > now())""")
                .param("sha256", sha256)
                .query(ApiKeyRecords::view)
                .optional();
    }

    Optional<ApiKeyView> findValid(UUID id) {
        return jdbc.sql(SELECT + "where id = :id and revoked_at is null and (expires_at is null or expires_at > now())")
                .param("id", id)
                .query(ApiKeyRecords::view)
                .optional();
    }

    /** The newest first. */
    List<ApiKeyView> list() {
        return jdbc.sql(SELECT + "order by created_at desc, id")
                .query(ApiKeyRecords::view)
                .list();
    }

    void revoke(UUID id) {
        jdbc.sql("update registry.api_key set revoked_at = now() where id = :id and revoked_at is null")
                .param("id", id)
                .update();
    }

    /** To the minute: a busy key does not cost a write at every request. */
    void touch(UUID id) {
        jdbc.sql("""
                update registry.api_key set last_used_at = now()
                where id = :id and (last_used_at is null or last_used_at < now() - interval '1 minute')""").param("id", id).update();
    }

    private static ApiKeyView view(ResultSet row, int number) throws SQLException {
        String[] scopes = (String[]) row.getArray("scopes").getArray();
        return new ApiKeyView(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("prefix"),
                Arrays.stream(scopes)
                        .map(word -> Scope.valueOf(word.toUpperCase(Locale.ROOT)))
                        .toList(),
                row.getObject("requests_per_minute", Integer.class),
                row.getObject("max_concurrent_requests", Integer.class),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "expires_at"),
                instant(row, "revoked_at"),
                instant(row, "last_used_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable OffsetDateTime timestamp(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
