package io.shiftadd.quantize.job;

/** What a run holds open while it works; opened on first use, closed when the run ends. */
final class JobResources implements AutoCloseable {

    private final JobRun run;
    private final int threads;

    JobResources(JobRun run, int threads) {
        this.run = run;
        this.threads = threads;
    }

    @Override
    public void close() {}
}
