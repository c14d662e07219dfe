package io.shiftadd.registry.dashboard;

import com.sun.management.OperatingSystemMXBean;
import io.shiftadd.job.JobKind;
import io.shiftadd.job.JobSettings;
import io.shiftadd.job.ModelDimensions;
import io.shiftadd.job.NumberSetting;
import io.shiftadd.job.ResourceEstimate;
import io.shiftadd.job.Size;
import io.shiftadd.registry.model.ModelView;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a job will take and give, told before it starts: from the shape of the model, the settings, and what earlier
 * jobs took. Memory and disk are the bounds that the worker itself goes by.
 *
 * @param leastBytes of the result: packed layers with their scales, and everything that stays as it is
 * @param mostBytes the same unless the job searches for its size
 * @param memoryBytes of the worker at its fullest moment
 * @param diskBytes of the worker's work directory: hidden states, packed layers, the result
 * @param seconds null when there is no job to learn from
 */
public record Estimate(
        long originalBytes,
        long leastBytes,
        long mostBytes,
        long memoryBytes,
        long diskBytes,
        @Nullable Double seconds) {

    /** Columns that share the float16 scales and offset of a baseline's row. */
    private static final double ROW_GROUP = 128;

    private static final int HEAP_SHARE = 4;

    static Estimate of(ModelView model, JobSettings settings, @Nullable JobRates rates) {
        ResourceEstimate resources = ResourceEstimate.of(model.dimensions(), settings.kind(), settings, usualHeap());
        boolean evaluation = settings.kind() == JobKind.EVALUATE;
        return new Estimate(
                model.sizeBytes(),
                evaluation
                        ? model.sizeBytes()
                        : size(model, settings, NumberSetting.BITS.least().doubleValue()),
                evaluation
                        ? model.sizeBytes()
                        : size(model, settings, NumberSetting.BITS.most().doubleValue()),
                resources.memoryBytes(),
                resources.diskBytes(),
                rates == null ? null : rates.seconds(model.dimensions().linearWeights(), settings));
    }

    /** That a worker on a machine like this one has unless it is told otherwise: the JVM's own share. */
    private static long usualHeap() {
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return machine.getTotalMemorySize() / HEAP_SHARE;
    }

    /** @param searched bits of a job that finds its size itself */
    private static long size(ModelView model, JobSettings settings, double searched) {
        return switch (settings.size()) {
            case Size.Bits(int bits) -> size(model, settings, bits, rest(model));
            case Size.MeanBits(double bits) -> size(model, settings, bits, rest(model));
            case Size.Bytes(long bytes) -> Math.min(model.sizeBytes(), rest(model) + bytes);
            case Size.PerplexityIncrease _ -> size(model, settings, searched, rest(model));
            case null -> size(model, settings, searched, rest(model));
        };
    }

    private static long size(ModelView model, JobSettings settings, double bits, long rest) {
        ModelDimensions dimensions = model.dimensions();
        long linear = dimensions.linearWeights();
        double scales = settings.methodOrDefault().shiftsAndAdds()
                ? dimensions.linearColumns() * bits * NumberSetting.TERMS.byDefault()
                : linear * Short.BYTES * (bits + 1) / ROW_GROUP;
        return rest + head(model, settings) + Math.round(linear * bits / Byte.SIZE + scales);
    }

    /** What a head of fewer bits adds, or saves where the model has a head of its own. */
    private static long head(ModelView model, JobSettings settings) {
        Integer bits = settings.headBits();
        if (bits == null) {
            return 0;
        }
        long weights = (long) model.shape().vocabularySize() * model.shape().hiddenSize();
        boolean own = model.parameters() - model.dimensions().linearWeights() >= 2 * weights;
        return weights * bits / Byte.SIZE - (own ? weights * bytesPerWeight(model) : 0);
    }

    private static long bytesPerWeight(ModelView model) {
        return "F32".equals(model.shape().dtype()) ? Float.BYTES : Short.BYTES;
    }

    /** Bytes of everything but the linear layers. */
    private static long rest(ModelView model) {
        return Math.max(0, model.sizeBytes() - model.dimensions().linearWeights() * bytesPerWeight(model));
    }

    /** Whether the size is known before the job has run. */
    public boolean exact() {
        return leastBytes == mostBytes;
    }

    public boolean makesAModel() {
        return diskBytes > 0;
    }
}
