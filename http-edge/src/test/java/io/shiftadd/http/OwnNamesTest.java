package io.shiftadd.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnNamesTest {

    private static final String LOOPBACK = "127.0.0.1";

    private final OwnNames names = new OwnNames(List.of("registry-service", "Models.Example:8080"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8080",
                "LOCALHOST.:1",
                "127.0.0.1",
                "127.0.0.1:28080",
                "127.45.6.7:1",
                "[::1]",
                "[::1]:8080",
                "[::ffff:127.0.0.1]:80",
                "registry-service:8080",
                "models.example",
                "MODELS.example.:9"
            })
    void localhostLoopbackAddressesAndConfiguredNamesAreOurs(String host) {
        assertThat(names.include(host, LOOPBACK)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "evil-localhost",
                "10.0.0.1:8080",
                "[2001:db8::1]:80",
                "0x7f.evil",
                "",
                ":8080",
                "localhost:80@evil.example",
                "[::1].evil:80",
                "registry-service.evil.example",
                "127.0.0.1.:80.evil"
            })
    void nothingElseIs(String host) {
        assertThat(names.include(host, LOOPBACK)).isFalse();
    }

    @Test
    void theAddressThatWasReachedIsOurs() {
        assertThat(names.include("172.18.0.4:8081", "172.18.0.4")).isTrue();
        assertThat(names.include("172.18.0.5:8081", "172.18.0.4")).isFalse();
    }
}
