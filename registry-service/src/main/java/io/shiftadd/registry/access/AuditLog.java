package io.shiftadd.registry.access;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Who changed what, kept for good. */
@Repository
public class AuditLog {

    private final JdbcClient jdbc;

    AuditLog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void record(Caller caller, String action, String target, int status, String requestId) {
        jdbc.sql("""
                insert into registry.audit_entry (actor, key_id, action, target, status, request_id)
                values (:actor, :key, :action, :target, :status, :request)""")
                .param("actor", caller.name())
                .param("key", caller.keyId())
                .param("action", action)
                .param("target", target)
                .param("status", status)
                .param("request", requestId)
                .update();
    }

    /** The entries before one, the newest first. */
    public List<AuditEntry> before(long id, int limit) {
        return jdbc.sql("""
                select id, at, actor, key_id, action, target, status, request_id from registry.audit_entry
                where id < :id order by id desc limit :limit""")
                .param("id", id)
                .param("limit", limit)
                .query(AuditEntry.class)
                .list();
    }
}
