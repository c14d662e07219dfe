package io.shiftadd.cli.bench;

import java.util.SplittableRandom;

/** Tells how much a token would lose by the cheap expert: the less, the sooner it goes there. */
@FunctionalInterface
interface PlaneRouter {

    /**
     * @param x inputs of a token, from {@code fromX}
     * @param rich what all planes make of it, from {@code fromY}; an honest router does not look at this
     * @param cheap likewise what the first planes make of it
     */
    double loss(float[] x, int fromX, float[] rich, float[] cheap, int fromY);

    /** What no router can know before the planes are read: the loss itself, {@code ln ‖rich − cheap‖²}. */
    static PlaneRouter oracle(int outputs) {
        return (_, _, rich, cheap, fromY) -> logSquares(rich, cheap, fromY, outputs);
    }

    /** Any token, evenly between 0 and 1. */
    static PlaneRouter random(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return (_, _, _, _, _) -> random.nextDouble();
    }

    static double logSquares(float[] rich, float[] cheap, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            double difference = (double) rich[i] - cheap[i];
            sum += difference * difference;
        }
        return Math.log(Math.max(sum, Float.MIN_NORMAL));
    }
}
