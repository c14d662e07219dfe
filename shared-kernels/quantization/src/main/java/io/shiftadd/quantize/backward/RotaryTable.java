package io.shiftadd.quantize.backward;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.attention.HeadView;

/**
 * Rotation of queries and keys: elements i and {@code i + half} of a head's vector turn together by the angle of the
 * token's position. The gradient turns back.
 *
 * @param half pairs of a head that turn; the rest of its vector stays
 * @param cosines {@code [length, half]}, with whatever the vectors are multiplied by besides
 * @param sines {@code [length, half]}, likewise
 */
public record RotaryTable(int half, float[] cosines, float[] sines) {

    void rotate(float[] x, HeadView view, int heads, int sequences, int length, boolean back, KernelContext context) {
        context.parallelFor(sequences * length, (t, _) -> {
            int angles = t % length * half;
            for (int h = 0; h < heads; h++) {
                int at = view.at(t, h);
                for (int i = 0; i < half; i++) {
                    float c = cosines[angles + i];
                    float s = back ? -sines[angles + i] : sines[angles + i];
                    float a = x[at + i];
                    float b = x[at + half + i];
                    x[at + i] = a * c - b * s;
                    x[at + half + i] = b * c + a * s;
                }
            }
        });
    }
}
