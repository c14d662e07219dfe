package io.shiftadd.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectRulesTest {

    private static final URI BASE = URI.create("https://hub.example/mirror");
    private static final URI SOURCE = URI.create("https://hub.example/mirror/a/b/resolve/main/config.json");

    private static RedirectRules rules(String address) {
        return new RedirectRules(BASE, List.of("https://*.hf.example", "http://127.0.0.1:9000"), _ ->
                new InetAddress[] {InetAddress.getByName(address)});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/other",
                "https://hub.example/x",
                "https://HUB.example:443/x",
                "https://cdn.hf.example/x?signature=1",
                "https://cas.xet.hf.example/x",
                "http://127.0.0.1:9000/x"
            })
    void followsToTheServerAndToWhatIsConfigured(String location) throws HubException {
        assertThat(rules("93.184.216.34").follow(SOURCE, SOURCE, location)).isEqualTo(SOURCE.resolve(location));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hub.example/x",
                "https://hub.example:8443/x",
                "https://hub.example.evil.example/x",
                "https://hf.example/x",
                "https://evilhf.example/x",
                "http://cdn.hf.example/x",
                "https://cdn.hf.example:8443/x",
                "https://user@hub.example/x",
                "https://user:word@cdn.hf.example/x",
                "http://127.0.0.1:9001/x",
                "http://169.254.169.254/latest",
                "ftp://hub.example/x",
                "file:///etc/passwd",
                "//other.example/x",
                "https:///x",
                "https://hub.example\\@evil.example/",
                "jar:https://hub.example/x",
                "::"
            })
    void refusesWhatIsElsewhere(String location) {
        assertThatThrownBy(() -> rules("93.184.216.34").follow(SOURCE, SOURCE, location))
                .isInstanceOf(HubException.class)
                .hasMessageNotContaining("word");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "0.1.2.3",
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "::ffff:10.0.0.1"
    })
    void aHostOfADomainMustHaveAPublicAddress(String address) {
        assertThatThrownBy(() -> rules(address).follow(SOURCE, SOURCE, "https://cdn.hf.example/x"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("which is not public");
    }
}
