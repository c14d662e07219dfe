package io.shiftadd.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogitsTest {

    private static int plain(float[] logits, int from, int count) {
        int best = -1;
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            if (logits[from + i] > largest) {
                largest = logits[from + i];
                best = i;
            }
        }
        return Math.max(best, 0);
    }

    @Test
    void isTheOneThatAPlainLoopFinds() {
        Random random = new Random(3);
        for (int count = 1; count <= 200; count++) {
            for (int from = 0; from < 3; from++) {
                float[] logits = new float[from + count + 2];
                for (int i = 0; i < logits.length; i++) {
                    // Few values, so that the largest is there more than once.
                    logits[i] = random.nextInt(7) - 3;
                }
                logits[from + count] = 9;
                assertThat(Logits.largest(logits, from, count))
                        .as("%d from %d", count, from)
                        .isEqualTo(plain(logits, from, count));
            }
        }
    }

    @Test
    void isFoundAtEveryPlace() {
        float[] logits = new float[100];
        for (int i = 0; i < logits.length; i++) {
            Arrays.fill(logits, -1);
            logits[i] = -0.5f;
            assertThat(Logits.largest(logits, 0, logits.length)).isEqualTo(i);
        }
    }

    @Test
    void whatIsNotANumberIsNeverTheLargest() {
        float[] logits = new float[100];
        Arrays.fill(logits, Float.NaN);
        assertThat(Logits.largest(logits, 0, 100)).isZero();
        for (int i : new int[] {0, 17, 63, 99}) {
            Arrays.fill(logits, Float.NaN);
            logits[i] = -3;
            assertThat(Logits.largest(logits, 0, 100)).isEqualTo(i);
        }
    }

    @Test
    void infinitiesAreNumbers() {
        float[] logits = new float[70];
        Arrays.fill(logits, Float.NEGATIVE_INFINITY);
        assertThat(Logits.largest(logits, 0, 70)).isZero();
        logits[41] = Float.POSITIVE_INFINITY;
        assertThat(Logits.largest(logits, 0, 70)).isEqualTo(41);
    }

    @Test
    void findsTheFirstThatIsNotFiniteWhereverItIs() {
        for (int count = 1; count <= 90; count++) {
            for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                float[] logits = new float[count + 3];
                Arrays.fill(logits, Float.MAX_VALUE);
                logits[count + 1] = value;
                assertThat(Logits.firstNotFinite(logits, 1, count)).isEqualTo(-1);
                for (int i = count; i > 0; i--) {
                    logits[i] = value;
                    assertThat(Logits.firstNotFinite(logits, 1, count)).isEqualTo(i - 1);
                }
            }
        }
    }

    @Test
    void aRangeBeyondTheArrayIsRefused() {
        assertThatThrownBy(() -> Logits.largest(new float[10], 5, 6)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
