package io.shiftadd.registry.hub;

import io.shiftadd.registry.model.ImportView;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of imports. */
@Repository
class ImportRecords {

    private static final String COLUMNS = "select id, name, repository, revision, state, file, bytes_done, bytes_total,"
            + " model_id, cause, created_at, finished_at from registry.model_import ";

    private final JdbcClient jdbc;

    ImportRecords(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Begins an import, unless the same revision is being imported: then that one is returned. */
    ImportView begin(String name, String repository, String revision) {
        jdbc.sql("""
                insert into registry.model_import (id, name, repository, revision, state)
                values (:id, :name, :repository, :revision, 'RUNNING') on conflict do nothing""")
                .param("id", UUID.randomUUID())
                .param("name", name)
                .param("repository", repository)
                .param("revision", revision)
                .update();
        return jdbc.sql(COLUMNS + "where repository = :repository and revision = :revision and state = 'RUNNING'")
                .param("repository", repository)
                .param("revision", revision)
                .query(ImportView.class)
                .single();
    }

    Optional<ImportView> find(UUID id) {
        return jdbc.sql(COLUMNS + "where id = :id")
                .param("id", id)
                .query(ImportView.class)
                .optional();
    }

    List<ImportView> latest(int limit) {
        return jdbc.sql(COLUMNS + "order by created_at desc, id limit :limit")
                .param("limit", limit)
                .query(ImportView.class)
                .list();
    }

    List<ImportView> running() {
        return jdbc.sql(COLUMNS + "where state = 'RUNNING' order by created_at")
                .query(ImportView.class)
                .list();
    }

    void progress(UUID id, @Nullable String file, long done, long total) {
        jdbc.sql(
                        "update registry.model_import set file = :file, bytes_done = :done, bytes_total = :total where id = :id")
                .param("file", file)
                .param("done", done)
                .param("total", total)
                .param("id", id)
                .update();
    }

    void succeed(UUID id, UUID model) {
        jdbc.sql("""
                update registry.model_import set state = 'SUCCEEDED', file = null, model_id = :model, finished_at = now()
                where id = :id""").param("model", model).param("id", id).update();
    }

    void fail(UUID id, String cause) {
        jdbc.sql(
                        "update registry.model_import set state = 'FAILED', cause = :cause, finished_at = now() where id = :id")
                .param("cause", cause)
                .param("id", id)
                .update();
    }
}
