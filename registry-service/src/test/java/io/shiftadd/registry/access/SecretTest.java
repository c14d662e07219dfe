package io.shiftadd.registry.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.registry.access.AccessSettings.Keys;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessSettingsTest {

    @Test
    void keysAreNeededOffLoopbackUnlessSwitched() throws UnknownHostException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        InetAddress everywhere = InetAddress.getByName("0.0.0.0");
        assertThat(needed(Keys.AUTO, loopback)).isFalse();
        assertThat(needed(Keys.AUTO, InetAddress.getByName("::1"))).isFalse();
        assertThat(needed(Keys.AUTO, everywhere)).isTrue();
        assertThat(needed(Keys.AUTO, null)).isTrue();
        assertThat(needed(Keys.ON, loopback)).isTrue();
        assertThat(needed(Keys.REQUIRED, loopback)).isTrue();
        assertThat(needed(Keys.OFF, everywhere)).isFalse();
    }

    @Test
    void aSecretIsNeverPrintedWhole() {
        Secret secret = Secret.random();
        assertThat(secret.toString()).hasSize(19).startsWith("sk-shiftadd-");
        assertThat(Secret.random()).isNotEqualTo(secret);
    }

    private static boolean needed(Keys keys, InetAddress address) {
        return new AccessSettings(keys, "", List.of()).needsKeys(address);
    }
}
