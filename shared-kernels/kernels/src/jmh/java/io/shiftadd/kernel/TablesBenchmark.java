package io.shiftadd.kernel;

import io.shiftadd.kernel.species.KernelSpecies;
import io.shiftadd.kernel.packed.TableLayout;
import io.shiftadd.kernel.packed.Scratch;
import io.shiftadd.kernel.tables.TableBuilder;
import io.shiftadd.kernel.tables.TableInput;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Look-up tables of one token and one row group, 2048 columns at 2 bits. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class TablesBenchmark {

    private static final int INPUTS = 2048;

    @Param({"scalar", "vector-512"})
    String kernel = "";

    @Param({"column", "block"})
    String group = "";

    private final Scratch scratch = new Scratch();
    private TableBuilder builder;
    private PackedLinear layer;
    private final TableInput input = new TableInput();
    private byte[] tables;
    private float[] steps;

    @Setup(Level.Trial)
    public void setUp() {
        builder = Kernel.of(KernelSpecies.named(kernel)).tables();
        layer = RandomLayer.of(128, INPUTS, 2, group.equals("block"));
        input.read(RandomLayer.inputs(INPUTS), 0, INPUTS);
        if (group.equals("block")) {
            builder.prepare(input, 1);
        }
        tables = new byte[layer.tableLayout().bytes()];
        steps = new float[layer.tableLayout().steps()];
    }

    @Benchmark
    public byte[] build() {
        TableLayout layout = layer.tableLayout();
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            builder.build(input, 0, layer.scales(), 0, layout, chunk, tables, 0, steps, 0, scratch);
        }
        return tables;
    }
}
