package io.shiftadd.registry.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretTest {

    @Test
    void aSecretIsNeverPrintedWhole() {
        Secret secret = Secret.random();
        assertThat(secret.toString()).hasSize(19).startsWith("sk-shiftadd-");
        assertThat(Secret.random()).isNotEqualTo(secret);
    }
}
