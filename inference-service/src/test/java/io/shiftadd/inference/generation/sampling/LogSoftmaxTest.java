package io.shiftadd.inference.generation.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.inference.generation.sampling.ScoredToken.Alternative;
import org.junit.jupiter.api.Test;

class LogSoftmaxTest {

    @Test
    void sumsToOneOverTheRowAlone() {
        float[] logits = {99, 1, 2, 3, 99};
        LogSoftmax softmax = new LogSoftmax(logits, 1, 3);
        double sum = Math.exp(softmax.of(0)) + Math.exp(softmax.of(1)) + Math.exp(softmax.of(2));
        assertThat(sum).isCloseTo(1, within(1e-12));
        assertThat(softmax.of(2)).isCloseTo(3 - Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3)), within(1e-12));
    }

    @Test
    void holdsForExtremeLogits() {
        LogSoftmax softmax = new LogSoftmax(new float[] {3e38f, -3e38f, 3e38f}, 0, 3);
        assertThat(softmax.of(0)).isCloseTo(Math.log(0.5), within(1e-12));
    }

    @Test
    void givesTheMostProbableFirstAndTheLowerIdAmongEquals() {
        ScoredToken token = new LogSoftmax(new float[] {1, 5, 3, 5, 2}, 0, 5).score(4, 3);
        assertThat(token.top()).extracting(Alternative::id).containsExactly(1, 3, 2);
        assertThat(token.top().getFirst().logProbability())
                .isEqualTo(token.top().get(1).logProbability());
    }

    @Test
    void givesNoMoreThanThereAre() {
        assertThat(new LogSoftmax(new float[] {1, 2}, 0, 2).score(0, 5).top()).hasSize(2);
        assertThat(new LogSoftmax(new float[] {1, 2}, 0, 2).score(0, 0).top()).isEmpty();
    }
}
