package io.shiftadd.quantize.job.publication;

import io.shiftadd.quantize.artifact.ArtifactStore;
import io.shiftadd.quantize.artifact.ArtifactStore.Published;
import io.shiftadd.quantize.job.lease.Events.Event;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.run.JobProgress;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.ProgressWriter;
import io.shiftadd.quantize.job.run.SourceModel;
import io.shiftadd.quantize.job.run.Stage;
import io.shiftadd.quantize.job.step.StepWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Moves the artifact into the store and writes the rows that make it a model. */
public final class PublishStep implements StepWork {

    private final JobRun run;
    private final JobResources resources;
    private final StagedArtifact staged;
    private final ArtifactStore store;
    private final FencedTransactions fenced;
    private final ProgressWriter writer;

    public PublishStep(
            JobRun run,
            JobResources resources,
            StagedArtifact staged,
            ArtifactStore store,
            FencedTransactions fenced,
            ProgressWriter writer) {
        this.run = run;
        this.resources = resources;
        this.staged = staged;
        this.store = store;
        this.fenced = fenced;
        this.writer = writer;
    }

    @Override
    public void execute() throws IOException {
        run.progress().enter(Stage.PUBLISH);
        report();
        Path directory = staged.directory();
        PackedFacts facts = PackedFacts.read(directory);
        writeCard(directory, facts);
        run.check();
        Published artifact = store.publish(directory);
        Map<String, Double> metrics = new LinkedHashMap<>(facts.metrics());
        metrics.put("size_bytes_original", (double) resources.source().sizeBytes());
        metrics.put("size_bytes_reparameterized", (double) artifact.manifest().sizeBytes());
        metrics.put("peak_memory_bytes", (double) run.memory().bytes());
        fenced.succeed(
                run.lease(),
                client -> Publication.write(client, run, resources.source(), artifact, facts.meanBits(), metrics));
    }

    /** Anew when the job was taken up again between this and the end: a card is small. */
    private void writeCard(Path directory, PackedFacts facts) throws IOException {
        SourceModel source = resources.source();
        CardRows rows = fenced.commit(run.lease(), client -> CardRows.read(client, run, source));
        boolean classifies = run.settings().evaluationImages() != null;
        Map<String, Object> license = SourceCard.license(source.base());
        ModelCard card = new ModelCard(
                rows.base(),
                classifies,
                license,
                SourceCard.hasLicense(directory),
                run.settings(),
                facts.meanBits(),
                facts.metrics(),
                rows.metrics(),
                rows.measure());
        Path file = directory.resolve(ModelCard.FILE);
        Files.deleteIfExists(file);
        Files.writeString(file, card.text());
    }

    /** At once: this stage may be over before the next heartbeat, and after the end nothing more is written. */
    private void report() {
        List<Event> events = run.progress().drain();
        JobProgress.Snapshot now = run.progress().snapshot(System.nanoTime());
        fenced.run(run.lease(), client -> writer.write(client, run.lease(), now, events));
    }
}
