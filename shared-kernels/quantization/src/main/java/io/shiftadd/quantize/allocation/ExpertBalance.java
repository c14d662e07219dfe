package io.shiftadd.quantize.allocation;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.ImageClassifier;
import io.shiftadd.model.LinearInputObserver;
import io.shiftadd.quantize.calibration.ImageSample;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Lets the routers of two experts lean so that each expert gets its share of the tokens by 1/latency, both latencies
 * being measured on this machine: what the training loss of ShiftAddViT (arXiv 2306.06446, section 4.2) asks for, found
 * for other latencies than those it was trained for. A block's lean is the quantile of its router's margins over sample
 * images, in the order of the blocks, since what one block does moves the margins of the next.
 *
 * @param denseSeconds of a token, on average over the blocks
 * @param shiftSeconds the same of the shift expert
 * @param trained share of tokens that the routers give the shift expert as they were trained
 * @param balanced the share that they give it when they lean
 * @param leans of each block, see {@link ImageClassifier#leaning}
 */
public record ExpertBalance(double denseSeconds, double shiftSeconds, double trained, double balanced, float[] leans) {

    /** Tokens of a measured run: what an expert gets of a request of a few images. */
    private static final int TOKENS = 1024;

    private static final int WARM_UP = 3;
    private static final int RUNS = 9;

    /**
     * @param model whose layers are those that will be served
     * @param sample images like those that will be asked for
     * @param check called between two parts of the work; may throw to end it
     * @throws IllegalArgumentException if the model's blocks have no two experts
     */
    public static ExpertBalance of(ImageClassifier model, ImageSample sample, KernelContext context, Runnable check) {
        return of(model, block -> seconds(block, context), sample, context, check);
    }

    /** @param latencies of the experts that a block chooses between, in seconds a token */
    static ExpertBalance of(
            ImageClassifier model,
            Function<DecoderBlock, double[]> latencies,
            ImageSample sample,
            KernelContext context,
            Runnable check) {
        int blocks = model.blockCount();
        float[] leans = new float[blocks];
        double dense = 0;
        double shift = 0;
        double trained = 0;
        double balanced = 0;
        for (int i = 0; i < blocks; i++) {
            check.run();
            double[] seconds = latencies.apply(model.block(i));
            dense += seconds[0] / blocks;
            shift += seconds[1] / blocks;
            double wanted = seconds[0] / (seconds[0] + seconds[1]);
            float[] margins = margins(model.leaning(leans), i, sample, context, check);
            leans[i] = lean(margins, wanted);
            balanced += share(margins, leans[i]) / blocks;
        }
        for (int i = 0; i < blocks; i++) {
            trained += share(margins(model, i, sample, context, check), 0) / blocks;
        }
        return new ExpertBalance(dense, shift, trained, balanced, leans);
    }

    /** Of a token, by each expert: medians of runs in turns. */
    private static double[] seconds(DecoderBlock block, KernelContext context) {
        List<List<LinearLayer>> experts = block.expertLayers();
        if (experts.isEmpty()) {
            throw new IllegalArgumentException("the block has no two experts that a router chooses between");
        }
        double[][] times = new double[experts.size()][RUNS];
        for (int run = -WARM_UP; run < RUNS; run++) {
            for (int e = 0; e < times.length; e++) {
                double seconds = seconds(experts.get(e), context);
                if (run >= 0) {
                    times[e][run] = seconds / TOKENS;
                }
            }
        }
        return Arrays.stream(times)
                .mapToDouble(ofExpert -> Arrays.stream(ofExpert).sorted().toArray()[RUNS / 2])
                .toArray();
    }

    private static double seconds(List<LinearLayer> layers, KernelContext context) {
        Random random = new Random(1);
        float[] x = new float[TOKENS * layers.getFirst().inputs()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        float[] inner = new float[TOKENS * layers.getFirst().outputs()];
        float[] y = new float[TOKENS * layers.getLast().outputs()];
        long start = System.nanoTime();
        layers.getFirst().forward(x, inner, TOKENS, context);
        layers.getLast().forward(inner, y, TOKENS, context);
        return (System.nanoTime() - start) / 1e9;
    }

    /** Of all tokens of the sample, by how much a block's router prefers the shift expert as trained; ascending. */
    private static float[] margins(
            ImageClassifier model, int block, ImageSample sample, KernelContext context, Runnable check) {
        String name = model.block(block).router();
        float[] all = new float[Math.multiplyExact(sample.size(), model.config().contextLength())];
        int[] count = {0};
        LinearInputObserver watch = new LinearInputObserver() {
            @Override
            public void observe(String linearName, float[] x, int tokens, int inputs) {}

            @Override
            public void routed(String router, int[] experts, float[] margins) {
                if (router.equals(name)) {
                    System.arraycopy(margins, 0, all, count[0], experts.length);
                    count[0] += experts.length;
                }
            }
        };
        float[] logits = new float[model.imagesPerPass() * model.config().vocabularySize()];
        for (int from = 0; from < sample.size(); from += model.imagesPerPass()) {
            check.run();
            int images = Math.min(model.imagesPerPass(), sample.size() - from);
            model.logits(sample.read(from, images), images, logits, context, watch);
        }
        Arrays.sort(all);
        return all;
    }

    /**
     * What has to be added to the margins for a share of them to be above 0: the middle between two neighbours.
     *
     * @param margins ascending
     */
    static float lean(float[] margins, double share) {
        int below = (int) Math.clamp(Math.round((1 - share) * margins.length), 1, margins.length - 1);
        return -(margins[below - 1] + margins[below]) / 2;
    }

    /** The share of margins that are above 0 with a lean. */
    static double share(float[] margins, float lean) {
        int above = 0;
        for (float margin : margins) {
            above += margin + lean > 0 ? 1 : 0;
        }
        return (double) above / margins.length;
    }
}
