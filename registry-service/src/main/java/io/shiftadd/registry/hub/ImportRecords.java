package io.shiftadd.registry.hub;

import io.shiftadd.job.ModelId;
import io.shiftadd.registry.model.ImportView;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of imports. Who cancels one has the last word: a run that ends afterwards does not change its state. */
@Repository
class ImportRecords {

    private static final String COLUMNS = "select " + ImportView.COLUMNS + " from registry.model_import ";

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

    void place(UUID id, String commit, Path directory) {
        jdbc.sql("update registry.model_import set commit_id = :commit, directory = :directory where id = :id")
                .param("commit", commit)
                .param("directory", directory.toString())
                .param("id", id)
                .update();
    }

    /** Where the import's files lie; empty when it did not come so far. */
    Optional<Path> directory(UUID id) {
        return jdbc.sql("select directory from registry.model_import where id = :id and directory is not null")
                .param("id", id)
                .query(String.class)
                .optional()
                .map(Path::of);
    }

    /** Whether a directory was filled by an import. */
    boolean isDownloaded(Path directory) {
        return jdbc.sql("select exists (select from registry.model_import where directory = :directory)")
                .param("directory", directory.toString())
                .query(Boolean.class)
                .single();
    }

    void progress(UUID id, @Nullable String file, long done, long total, long rate) {
        jdbc.sql("""
                update registry.model_import
                set file = :file, bytes_done = :done, bytes_total = :total, bytes_per_second = :rate where id = :id""")
                .param("file", file)
                .param("done", done)
                .param("total", total)
                .param("rate", rate)
                .param("id", id)
                .update();
    }

    void succeed(UUID id, ModelId model) {
        jdbc.sql("""
                update registry.model_import set state = 'SUCCEEDED', file = null, model_id = :model, finished_at = now()
                where id = :id""").param("model", model.value()).param("id", id).update();
    }

    void fail(UUID id, String cause) {
        jdbc.sql("""
                update registry.model_import set state = 'FAILED', cause = :cause, finished_at = now()
                where id = :id and state = 'RUNNING'""").param("cause", cause).param("id", id).update();
    }

    /** Returns whether it was running. */
    boolean cancel(UUID id) {
        return jdbc.sql("""
                update registry.model_import set state = 'CANCELLED', finished_at = now()
                where id = :id and state = 'RUNNING'""").param("id", id).update() > 0;
    }

    /**
     * Returns whether it had failed or was cancelled.
     *
     * @throws org.springframework.dao.DuplicateKeyException when the same revision is being imported
     */
    boolean resume(UUID id) {
        return jdbc.sql("""
                update registry.model_import set state = 'RUNNING', cause = null, finished_at = null
                where id = :id and state in ('FAILED', 'CANCELLED')""").param("id", id).update() > 0;
    }

    void delete(UUID id) {
        jdbc.sql("delete from registry.model_import where id = :id and state <> 'RUNNING'")
                .param("id", id)
                .update();
    }
}
