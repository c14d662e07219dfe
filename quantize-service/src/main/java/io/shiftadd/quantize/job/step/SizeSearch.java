package io.shiftadd.quantize.job.step;

import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.quantize.allocation.BitAllocation;
import io.shiftadd.quantize.allocation.BudgetSearch;
import io.shiftadd.quantize.allocation.BudgetSearch.Measured;
import io.shiftadd.quantize.allocation.LayerChoices;
import io.shiftadd.quantize.evaluation.Perplexity;
import io.shiftadd.quantize.job.lease.Events.Event;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.run.JobRefusedException;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.ModelMetrics;
import io.shiftadd.quantize.job.run.ProgressWriter;
import io.shiftadd.quantize.reparameterization.LayerProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/**
 * Finds the smallest model whose perplexity on the job's evaluation windows has risen by no more than a share: makes
 * and measures a few candidates. A candidate that was measured is a row, so that a restart goes on with the next.
 */
public final class SizeSearch {

    private final JobRun run;
    private final JobResources resources;
    private final Windows windows;
    private final FencedTransactions fenced;
    private final ProgressWriter writer;
    private final AllocationRows rows;

    public SizeSearch(
            JobRun run,
            JobResources resources,
            Windows windows,
            FencedTransactions fenced,
            ProgressWriter writer,
            AllocationRows rows) {
        this.run = run;
        this.resources = resources;
        this.windows = windows;
        this.fenced = fenced;
        this.writer = writer;
        this.rows = rows;
    }

    /**
     * @param share by which the perplexity may rise
     * @param done hears which share of the search is done, 0 to 1
     */
    BitAllocation smallest(List<LayerProfile> profiles, double share, DoubleConsumer done) throws IOException {
        int[][] tokens = windows.evaluation();
        double original = originalPerplexity(tokens);
        List<LayerChoices> choices =
                profiles.stream().map(LayerProfile::byBytes).toList();
        BudgetSearch search = new BudgetSearch(choices, original, share);
        CandidateModel candidates = new CandidateModel(run, resources, tokens);
        List<AllocationRows.Candidate> known =
                fenced.commit(run.lease(), client -> rows.candidates(client, run.lease()));
        List<Measured> measured = new ArrayList<>();
        for (Optional<BitAllocation> next = search.next(measured); next.isPresent(); next = search.next(measured)) {
            BitAllocation allocation = next.orElseThrow();
            int number = measured.size();
            if (number < known.size() && known.get(number).bits().equals(allocation.bits())) {
                measured.add(new Measured(allocation, known.get(number).perplexity()));
            } else {
                double perplexity = candidates.perplexity(
                        allocation.bits(), part -> done.accept((number + part) / BudgetSearch.MOST_CANDIDATES));
                Measured candidate = new Measured(allocation, perplexity);
                measured.add(candidate);
                commit(number + 1, candidate, search.increase(candidate), profiles);
            }
        }
        return search.best(measured)
                .orElseThrow(() -> impossible(measured, search, share))
                .allocation();
    }

    private double originalPerplexity(int[][] tokens) {
        CausalLanguageModel model = resources.languageModel();
        double perplexity = Perplexity.evaluate(model, tokens, resources.context(), (_, _) -> run.check())
                .value();
        fenced.run(
                run.lease(),
                client ->
                        ModelMetrics.write(client, run.lease(), Map.of(ModelMetrics.PERPLEXITY_ORIGINAL, perplexity)));
        return perplexity;
    }

    private void commit(int number, Measured candidate, double increase, List<LayerProfile> profiles) {
        double meanBits = AllocateStep.meanBits(candidate.allocation(), profiles);
        fenced.run(run.lease(), client -> {
            rows.writeCandidate(client, run.lease(), number, candidate, meanBits);
            writer.insert(
                    client,
                    run.lease(),
                    new Event(
                            "candidate",
                            Map.of(
                                    "number",
                                    number,
                                    "bytes",
                                    candidate.allocation().cost(),
                                    "meanBits",
                                    meanBits,
                                    "perplexity",
                                    candidate.perplexity(),
                                    "increase",
                                    increase)));
        });
    }

    private static JobRefusedException impossible(List<Measured> measured, BudgetSearch search, double share) {
        double least = measured.stream().mapToDouble(search::increase).min().orElse(Double.NaN);
        return new JobRefusedException(
                "no size was found at which the perplexity rises by no more than %.2f %%: with the most bits it rises by %.2f %%"
                        .formatted(share * 100, least * 100),
                "Post the job with maxPerplexityIncrease above %.4f, with more samples, or with method acc."
                        .formatted(least));
    }
}
