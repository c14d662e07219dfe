package io.shiftadd.quantize.backward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.DoubleSupplier;

/** Compares a gradient with central differences of a loss in double precision. */
final class GradientCheck {

    /** Near the cube root of double's precision, where the two errors of a central difference meet. */
    private static final double STEP = 1e-5;

    private static final double TOLERANCE = 1e-4;

    /** A gradient shorter than this is what rounding leaves of zero. */
    private static final double NOTHING = 1e-6;

    private GradientCheck() {}

    /**
     * @param loss of the parameters as they are when it is asked
     * @param parameters changed one by one, and put back
     */
    static void check(String what, DoubleSupplier loss, double[] parameters, float[] gradient) {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < parameters.length; i++) {
            double kept = parameters[i];
            parameters[i] = kept + STEP;
            double above = loss.getAsDouble();
            parameters[i] = kept - STEP;
            double below = loss.getAsDouble();
            parameters[i] = kept;
            double expected = (above - below) / (2 * STEP);
            difference += (gradient[i] - expected) * (gradient[i] - expected);
            length += expected * expected;
        }
        // Some are zero by nature: a bias of all keys moves every score of a query alike.
        if (Math.sqrt(length) < NOTHING) {
            assertThat(Math.sqrt(difference))
                    .as("the gradient of " + what + ", which has none")
                    .isLessThan(NOTHING);
        } else {
            assertThat(Math.sqrt(difference / length))
                    .as("relative error of the gradient of " + what)
                    .isLessThan(TOLERANCE);
        }
    }

    static float[] random(Random random, int size, double scale) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    static double[] wide(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
