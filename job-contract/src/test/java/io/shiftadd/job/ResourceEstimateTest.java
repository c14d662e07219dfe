package io.shiftadd.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResourceEstimateTest {

    private static final long PARAMETERS = 3_000_000;
    private static final long HEAP = 4L << 30;

    private final ModelDimensions model =
            new ModelDimensions("llama", 6, 192, 512, 3, 1, 64, 4096, 512, PARAMETERS, 2 * PARAMETERS);

    private ResourceEstimate of(String settings) {
        return of(JobKind.REPARAMETERIZE, settings);
    }

    private ResourceEstimate of(JobKind kind, String settings) {
        String json = "{" + settings.replace('\'', '"') + "}";
        return ResourceEstimate.of(model, kind, JobSettings.parse(json), HEAP);
    }

    @Test
    void growsWithBits() {
        assertThat(of("'bits': 4").packedBytes()).isGreaterThan(of("'bits': 2").packedBytes());
        assertThat(of("'bits': 2, 'terms': 3").packedBytes()).isEqualTo((long) (PARAMETERS * 2 / 8 * 1.25));
        assertThat(of("'meanBits': 2.5").packedBytes())
                .isBetween(of("'bits': 2").packedBytes(), of("'bits': 3").packedBytes());
    }

    @Test
    void makesRoomForTheFloatScalesOfBaselines() {
        assertThat(of("'bits': 2, 'method': 'rtn'").packedBytes())
                .isGreaterThan(of("'bits': 2, 'terms': 3").packedBytes());
    }

    @Test
    void makesRoomForTheHead() {
        ResourceEstimate without = of("'bits': 2, 'terms': 3");
        ResourceEstimate with = of("'bits': 2, 'terms': 3, 'headBits': 8");
        assertThat(with.packedBytes() - without.packedBytes()).isGreaterThanOrEqualTo(4096 * 192);
        assertThat(with.memoryBytes()).isGreaterThanOrEqualTo(without.memoryBytes());
    }

    @Test
    void holdsTheMostBitsAndAModelBesideWhereTheSizeIsSearchedFor() {
        ResourceEstimate search = of("'maxPerplexityIncrease': 0.1, 'terms': 3, 'samples': 128");
        assertThat(search.packedBytes()).isEqualTo(of("'bits': 4, 'terms': 3").packedBytes());
        assertThat(search.candidateBytes()).isGreaterThan(search.packedBytes() + search.hiddenBytes());
    }

    @Test
    void writesNothingInAnEvaluation() {
        ResourceEstimate evaluation = of(JobKind.EVALUATE, "'tasks': ['copa']");
        assertThat(evaluation.diskBytes()).isZero();
        assertThat(evaluation.memoryBytes()).isGreaterThan(200L << 20);
    }

    /** A context of 32 k and keys of 256: what sequences of such a model take is more than everything else. */
    private final ModelDimensions deep =
            new ModelDimensions("gemma3", 18, 640, 2048, 4, 1, 256, 262144, 32768, 270_000_000, 540_000_000);

    private static final String TEXTS =
            ", 'calibrationText': '%1$s', 'evaluationText': '%1$s'".formatted(java.util.UUID.randomUUID());

    private long memory(String settings, long heap) {
        String json =
                "{'bits': 3, 'sequenceLength': 2048, 'samples': 128, 'evaluationWindows': 32%s}".formatted(settings);
        return ResourceEstimate.of(deep, JobKind.REPARAMETERIZE, JobSettings.parse(json.replace('\'', '"')), heap)
                .memoryBytes();
    }

    @Test
    void textThatTheModelWritesItselfIsCounted() {
        long sequence = 2L * 18 * 256 * Float.BYTES * 2048;
        assertThat(memory("", 16L << 30)).isGreaterThan((1L << 30) / sequence * sequence);
        assertThat(memory("", 16L << 30)).isGreaterThan(memory(TEXTS, 16L << 30));
    }

    @Test
    void batchesAreSizedByTheHeap() {
        assertThat(memory("", 2L << 30)).isLessThan(memory("", 16L << 30));
        assertThat(memory(TEXTS, 2L << 30)).isEqualTo(memory(TEXTS, 16L << 30));
    }
}
