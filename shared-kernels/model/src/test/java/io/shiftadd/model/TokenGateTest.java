package io.shiftadd.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenGateTest {

    private final TokenGate gate = new TokenGate(4096, id -> id == 4096 ? "<image>" : "");

    @Test
    void letsEveryRowPass() {
        int[] ids = {0, 17, 4095};
        assertThat(gate.pass(ids)).isSameAs(ids);
        assertThat(gate.pass(new int[0])).isEmpty();
    }

    @Test
    void namesTokenIdAndRows() {
        assertThatExceptionOfType(IdWithoutRowException.class)
                .isThrownBy(() -> gate.pass(new int[] {1, 4096, 5000}))
                .withMessageContaining("'<image>' (id 4096)")
                .withMessageContaining("4096 rows")
                .satisfies(refused -> assertThat(refused.position()).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, 4097, Integer.MAX_VALUE})
    void refusesIdsThatHaveNoToken(int id) {
        assertThatExceptionOfType(IdWithoutRowException.class)
                .isThrownBy(() -> gate.pass(new int[] {id}))
                .withMessageContaining("the id " + id)
                .satisfies(refused -> assertThat(refused.id()).isEqualTo(id));
    }
}
