package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How much a model may weigh, or lose, and what is found for it. */
class BudgetIT extends JobsOfOneWorker {

    @Test
    void spendsABudgetOfMeanBitsOnTheLayersThatNeedThem() throws Exception {
        UUID model = registry.addModel("tiny", TinyModel.write(directory.resolve("tiny")));
        Map<String, Object> settings = new HashMap<>(Samples.settings("lat", 0));
        settings.remove("bits");
        settings.put("meanBits", 2.5);
        UUID job = registry.job(model).settings(settings).post("tiny-budget");

        registry.awaitEnd(job, LIMIT);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        assertThat(metrics(job).get("mean_bits")).isBetween(2.3, 2.5);
        assertThat(metrics(job).get("kendall_tau")).isBetween(-1.0, 1.0);
        assertThat(registry.jdbc()
                        .sql("select distinct bits from registry.job_layer where job_id = :job order by bits")
                        .param("job", job)
                        .query(Integer.class)
                        .list())
                .hasSizeGreaterThan(1)
                .isSubsetOf(2, 3, 4);
        assertThat(registry.events(job, "allocation")).hasSize(1);
    }

    @Test
    void staysWithinABudgetOfBytes() throws Exception {
        UUID model = registry.addModel("bytes", TinyModel.write(directory.resolve("bytes")));
        Map<String, Object> settings = small();
        settings.putAll(Map.of("method", "acc", "rotation", "auto", "budgetBytes", 90_000));
        UUID job = registry.job(model).settings(settings).post("tiny-bytes");

        registry.awaitEnd(job, LIMIT);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        assertThat(metrics(job).get("layer_bytes_packed")).isBetween(85_000.0, 90_000.0);
        assertThat(registry.jdbc()
                        .sql("""
                        select count(*) from registry.job_layer l join registry.job_layer_profile p
                        on p.job_id = l.job_id and p.layer = l.layer and p.bits = l.bits
                        where l.job_id = :job and p.chosen""")
                        .param("job", job)
                        .query(Integer.class)
                        .single())
                .isEqualTo(TinyModel.BLOCKS * 7);
    }

    @Test
    void saysHowManyBytesAreTheLeast() throws Exception {
        UUID model = registry.addModel("few", TinyModel.write(directory.resolve("few")));
        Map<String, Object> settings = small();
        settings.putAll(Map.of("method", "lat", "budgetBytes", 1000));
        UUID job = registry.job(model).settings(settings).post("tiny-few");

        registry.awaitEnd(job, LIMIT);

        assertThat(registry.stateOf(job)).isEqualTo("FAILED");
        assertThat(registry.column(job, "cause", String.class)).contains("do not fit 1000 bytes");
        assertThat(registry.column(job, "remedy", String.class)).containsPattern("budgetBytes of at least \\d{5}");
    }

    @Test
    void saysByHowMuchThePerplexityRisesAtLeast() throws Exception {
        UUID model = registry.addModel("no-size", Samples.directory("llama-mini"));
        Map<String, Object> settings = small();
        settings.putAll(Map.of("method", "rtn", "maxPerplexityIncrease", 0.001));
        UUID job = registry.job(model).settings(settings).post("mini-no-size");

        registry.awaitEnd(job, LIMIT);

        assertThat(registry.stateOf(job)).isEqualTo("FAILED");
        assertThat(registry.column(job, "cause", String.class)).contains("no size was found", "with the most bits");
        assertThat(registry.column(job, "remedy", String.class)).contains("maxPerplexityIncrease above 0.");
    }

    @Test
    void findsTheSmallestModelWhosePerplexityRisesLittleEnough() throws Exception {
        UUID model = registry.addModel("search", Samples.directory("llama-mini"));
        Map<String, Object> settings = small();
        settings.putAll(Map.of("method", "lat", "maxPerplexityIncrease", 0.4, "rotation", "never"));
        UUID job = registry.job(model).settings(settings).post("mini-search");

        registry.awaitEnd(job, LIMIT);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        Map<String, Double> metrics = metrics(job);
        assertThat(metrics.get("perplexity_reparameterized"))
                .isLessThanOrEqualTo(1.4 * metrics.get("perplexity_original"));
        assertThat(metrics.get("mean_bits")).isBetween(2.0, 3.9);
        assertThat(registry.jdbc()
                        .sql("""
                        select min(bytes) from registry.job_candidate
                        where job_id = :job and perplexity <= :limit""")
                        .param("job", job)
                        .param("limit", 1.4 * metrics.get("perplexity_original"))
                        .query(Double.class)
                        .single())
                .isEqualTo(metrics.get("layer_bytes_packed"));
        assertThat(registry.jdbc()
                        .sql("select perplexity from registry.job_candidate where job_id = :job")
                        .param("job", job)
                        .query(Double.class)
                        .list())
                .as("what was measured of the candidate is what was published")
                .contains(metrics.get("perplexity_reparameterized"));
        assertThat(registry.events(job, "candidate")).hasSizeBetween(1, 5);
    }
}
