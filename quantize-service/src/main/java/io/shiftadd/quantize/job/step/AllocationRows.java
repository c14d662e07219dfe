package io.shiftadd.quantize.job.step;

import io.shiftadd.quantize.allocation.BitAllocation;
import io.shiftadd.quantize.allocation.BudgetSearch.Measured;
import io.shiftadd.quantize.job.lease.JobLease;
import io.shiftadd.quantize.reparameterization.LayerProfile;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Rows of what an allocation weighed: the layers' profiles, and the candidates of a search. */
public final class AllocationRows {

    private static final String PROFILE = """
            insert into registry.job_layer_profile (job_id, position, layer, bits, output_error, bytes, sensitivity, chosen)
            values (:job, :position, :layer, :bits, :error, :bytes, :sensitivity, :chosen)
            on conflict (job_id, layer, bits) do update set
                position = excluded.position, output_error = excluded.output_error, bytes = excluded.bytes,
                sensitivity = excluded.sensitivity, chosen = excluded.chosen""";

    private static final String CANDIDATE = """
            insert into registry.job_candidate (job_id, number, bytes, mean_bits, perplexity, bits)
            values (:job, :number, :bytes, :meanBits, :perplexity, :bits::jsonb)
            on conflict (job_id, number) do update set
                bytes = excluded.bytes, mean_bits = excluded.mean_bits,
                perplexity = excluded.perplexity, bits = excluded.bits""";

    private final JsonMapper json;

    public AllocationRows(JsonMapper json) {
        this.json = json;
    }

    void writeProfiles(JdbcClient client, JobLease lease, List<LayerProfile> profiles, Map<String, Integer> chosen) {
        for (int i = 0; i < profiles.size(); i++) {
            LayerProfile profile = profiles.get(i);
            int position = i;
            profile.measured()
                    .forEach((bits, measured) -> client.sql(PROFILE)
                            .param("job", lease.job().value())
                            .param("position", position)
                            .param("layer", profile.layer())
                            .param("bits", bits)
                            .param("error", measured.relativeOutputError())
                            .param("bytes", measured.bytes())
                            .param("sensitivity", finite(profile.sensitivity()))
                            .param("chosen", bits.equals(chosen.get(profile.layer())))
                            .update());
        }
    }

    /** @param number from 1 */
    void writeCandidate(JdbcClient client, JobLease lease, int number, Measured candidate, double meanBits) {
        BitAllocation allocation = candidate.allocation();
        client.sql(CANDIDATE)
                .param("job", lease.job().value())
                .param("number", number)
                .param("bytes", allocation.cost())
                .param("meanBits", meanBits)
                .param("perplexity", candidate.perplexity())
                .param("bits", json.writeValueAsString(allocation.bits()))
                .update();
    }

    /** Perplexities of the candidates that earlier runs have measured, with the bits they belong to. */
    List<Candidate> candidates(JdbcClient client, JobLease lease) {
        return client.sql(
                        "select perplexity, bits::text from registry.job_candidate where job_id = :job order by number")
                .param("job", lease.job().value())
                .query((row, number) -> new Candidate(
                        json.readValue(row.getString("bits"), new TypeReference<>() {}), row.getDouble("perplexity")))
                .list();
    }

    /** @param bits of every layer by name */
    record Candidate(Map<String, Integer> bits, double perplexity) {}

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
