package io.shiftadd.cli.bench.siege;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceGaugesTest {

    @Test
    void addsUpWhatTheServiceTells() {
        String metrics = """
                # HELP jvm_memory_used_bytes The amount of used memory
                jvm_memory_used_bytes{area="heap",id="Eden Space"} 1000.0
                jvm_memory_used_bytes{area="heap",id="Tenured Gen"} 2.5E3
                jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 9.0E9
                jvm_threads_live_threads 31.0
                process_files_open_files 120.0
                shiftadd_running_sequences{model="a"} 2.0
                shiftadd_running_sequences{model="b"} 1.0
                """;
        assertThat(ServiceGauges.of(metrics)).isEqualTo(new ServiceGauges(3_500, 31, 120, 3));
    }

    @Test
    void aLoadThatNobodyAnswersHasNoQuantile() {
        HonestLoad.Outcome none = new HonestLoad.Outcome(new double[0], List.of("refused"));
        assertThat(none.quantile(0.99)).isInfinite();
        HonestLoad.Outcome some = new HonestLoad.Outcome(new double[] {1, 2, 3, 100}, List.of());
        assertThat(some.quantile(0.5)).isEqualTo(2);
        assertThat(some.quantile(0.99)).isEqualTo(100);
    }
}
