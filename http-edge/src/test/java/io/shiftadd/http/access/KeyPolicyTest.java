package io.shiftadd.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class KeyPolicyTest {

    @Test
    void keysAreNeededOffLoopbackUnlessSwitched() throws UnknownHostException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        InetAddress everywhere = InetAddress.getByName("0.0.0.0");
        assertThat(KeyPolicy.AUTO.asks(loopback)).isFalse();
        assertThat(KeyPolicy.AUTO.asks(InetAddress.getByName("::1"))).isFalse();
        assertThat(KeyPolicy.AUTO.asks(everywhere)).isTrue();
        assertThat(KeyPolicy.AUTO.asks(null)).isTrue();
        assertThat(KeyPolicy.ON.asks(loopback)).isTrue();
        assertThat(KeyPolicy.REQUIRED.asks(loopback)).isTrue();
        assertThat(KeyPolicy.OFF.asks(everywhere)).isFalse();
    }
}
