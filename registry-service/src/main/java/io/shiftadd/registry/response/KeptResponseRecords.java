package io.shiftadd.registry.response;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.unit.DataSize;

/** The rows of responses. None is read after its time, whether it has been deleted yet or not. */
@Repository
class KeptResponseRecords {

    /** A row counts for so many bytes at least, so that many small ones are bounded, too. */
    private static final int SMALLEST = 4096;

    private final JdbcClient jdbc;

    KeptResponseRecords(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Keeps a response, and lets the oldest of the owner's go beyond its share.
     *
     * @return whether the owner had none of that id
     */
    @Transactional
    public boolean insert(String owner, String id, KeptResponseRequest kept, Duration time, DataSize share) {
        int inserted = jdbc.sql("""
                insert into registry.kept_response (owner, id, items, response, size_bytes, expires_at)
                values (:owner, :id, :items::json, :response::json, :bytes, clock_timestamp() + make_interval(secs => :seconds))
                on conflict do nothing""")
                .param("owner", owner)
                .param("id", id)
                .param("items", kept.items())
                .param("response", kept.response())
                .param("bytes", Math.max(SMALLEST, kept.sizeBytes()))
                .param("seconds", time.toMillis() / 1000.0)
                .update();
        jdbc.sql("""
                delete from registry.kept_response k using (
                    select id, sum(size_bytes) over (order by created_at desc, id) as bytes
                    from registry.kept_response where owner = :owner) newer
                where k.owner = :owner and k.id = newer.id and newer.bytes > :share""").param("owner", owner).param("share", share.toBytes()).update();
        return inserted > 0;
    }

    Optional<KeptResponse> find(String owner, String id) {
        return jdbc.sql("""
                select id, items, response, created_at, expires_at from registry.kept_response
                where owner = :owner and id = :id and expires_at > clock_timestamp()""")
                .param("owner", owner)
                .param("id", id)
                .query((row, number) -> new KeptResponse(
                        row.getString("id"),
                        row.getString("items"),
                        row.getString("response"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    /** Forgets a response; tells whether there was one. */
    boolean delete(String owner, String id) {
        return jdbc.sql("delete from registry.kept_response where owner = :owner and id = :id"
                                + " and expires_at > clock_timestamp()")
                        .param("owner", owner)
                        .param("id", id)
                        .update()
                > 0;
    }

    void deleteExpired() {
        jdbc.sql("delete from registry.kept_response where expires_at <= clock_timestamp()")
                .update();
    }
}
