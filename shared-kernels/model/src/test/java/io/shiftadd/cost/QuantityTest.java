package io.shiftadd.cost;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "999,999 B",
        "1000,1.00 kB",
        "6566812,6.57 MB",
        "13729725,13.7 MB",
        "268e6,268 MB",
        "5e15,5000 TB"
    })
    void bytesHaveThreeDigitsThatCount(double bytes, String text) {
        assertThat(Quantity.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"3147456,3.15 M", "268098176,268 M", "1.1e9,1.10 G", "12,12"})
    void countsTooWithoutAUnit(double count, String text) {
        assertThat(Quantity.count(count)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"12,12.0 pJ", "418e6,418 µJ", "1.0271e9,1.03 mJ"})
    void energiesHaveAUnitThatFits(double picojoules, String text) {
        assertThat(Quantity.energy(picojoules)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.31,0.3 s", "9.94,9.9 s", "29.6,30 s", "185,3 min 5 s", "4800,1 h 20 min"})
    void secondsBecomeMinutesAndHours(double seconds, String text) {
        assertThat(Quantity.seconds(seconds)).isEqualTo(text);
    }

    @Test
    void whatIsComparedHasAsManyDigitsEverywhere() {
        assertThat(Quantity.perplexity(46.9304)).isEqualTo("46.93");
        assertThat(Quantity.bits(3.3125)).isEqualTo("3.31");
        assertThat(Quantity.share(0.43421)).isEqualTo("43.4 %");
        assertThat(Quantity.change(40.07, 46.93)).isEqualTo("+17.1 %");
        assertThat(Quantity.change(46.93, 40.07)).isEqualTo("-14.6 %");
    }
}
