package io.shiftadd.quantize.job.step;

import io.shiftadd.quantize.artifact.Sha256;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.run.JobRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The finished blocks of a job: rows of registry.job_block, and the files in the work directory that they vouch for.
 */
public final class Checkpoints {

    private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);

    private final JobRun run;
    private final FencedTransactions fenced;

    /** @param hiddenSha256 absent after the last block */
    record Row(int block, String packedSha256, @Nullable String hiddenSha256) {}

    public Checkpoints(JobRun run, FencedTransactions fenced) {
        this.run = run;
        this.fenced = fenced;
    }

    /**
     * Where the work goes on. Rows whose files are damaged or gone are taken back: then the job begins at block 0,
     * since the hidden states that enter a block are kept only until the block after it has begun.
     */
    int firstUnfinished() {
        List<Row> rows = rows();
        if (!rows.isEmpty() && !isIntact(rows)) {
            log.warn(
                    "The checkpoints in {} are damaged; all blocks are done again",
                    run.workspace().directory());
            run.warn("checkpoints were damaged or gone", "All blocks are done again; check the disk.");
            fenced.run(run.lease(), client -> {
                forget(client, "job_block");
                forget(client, "job_layer");
            });
            return 0;
        }
        return rows.size();
    }

    /**
     * The blocks that need not be done again, where none waits for another; rows whose files are damaged are taken
     * back.
     */
    public Set<Integer> finished() {
        Set<Integer> finished = new TreeSet<>();
        for (Row row : rows()) {
            if (isIntact(row)) {
                finished.add(row.block());
            } else {
                run.warn(
                        "the checkpoint of block " + row.block() + " was damaged or gone",
                        "It is done again; check the disk.");
                fenced.run(run.lease(), client -> {
                    forget(client, "job_block", row.block());
                    forget(client, "job_layer", row.block());
                });
            }
        }
        return finished;
    }

    public boolean isFinished(int block) {
        return rows().stream().anyMatch(row -> row.block() == block && isIntact(row));
    }

    private boolean isIntact(Row row) {
        try {
            return matches(run.workspace().packed(row.block()), row.packedSha256());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void forget(JdbcClient client, String table, int block) {
        client.sql("delete from registry." + table + " where job_id = :job and block = :block")
                .param("job", run.job().id().value())
                .param("block", block)
                .update();
    }

    List<Row> rows() {
        return fenced.commit(
                run.lease(),
                client -> client.sql("""
                        select block, packed_sha256, hidden_sha256 from registry.job_block
                        where job_id = :job order by block""")
                        .param("job", run.job().id().value())
                        .query((row, number) -> new Row(
                                row.getInt("block"), row.getString("packed_sha256"), row.getString("hidden_sha256")))
                        .list());
    }

    private void forget(JdbcClient client, String table) {
        client.sql("delete from registry." + table + " where job_id = :job")
                .param("job", run.job().id().value())
                .update();
    }

    private boolean isIntact(List<Row> rows) {
        try {
            for (int i = 0; i < rows.size(); i++) {
                Row row = rows.get(i);
                if (row.block() != i || !matches(run.workspace().packed(i), row.packedSha256())) {
                    return false;
                }
            }
            Row last = rows.getLast();
            return last.hiddenSha256() == null
                    || HiddenFiles.sha256(run.workspace().calibration(), last.block() + 1, run::check)
                            .equals(last.hiddenSha256());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private boolean matches(Path file, String sha256) throws IOException {
        return Files.isRegularFile(file) && Sha256.of(file, run::check).equals(sha256);
    }
}
