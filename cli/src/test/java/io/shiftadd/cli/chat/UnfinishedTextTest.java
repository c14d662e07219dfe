package io.shiftadd.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnfinishedTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"\"\"\"", "\"\"\"one", "\"\"\"one\ntwo", "one\\", "one\\\ntwo\\"})
    void goesOnWithinQuotesAndAfterABackslash(String text) {
        assertThat(UnfinishedText.goesOn(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one", "\"\"\"one\"\"\"", "\"\"\"one\ntwo\"\"\" three", "it's \"so\"", "a\\b", "\"\""})
    void endsElsewhere(String text) {
        assertThat(UnfinishedText.goesOn(text)).isFalse();
    }

    @Test
    void whatJoinedTheLinesIsNotPartOfTheText() {
        assertThat(UnfinishedText.unwrap("\"\"\"one\n  two\"\"\"")).isEqualTo("one\n  two");
        assertThat(UnfinishedText.unwrap("one\\\ntwo")).isEqualTo("one\ntwo");
        assertThat(UnfinishedText.unwrap(" say \"hello\" ")).isEqualTo("say \"hello\"");
        assertThat(UnfinishedText.unwrap("C:\\temp")).isEqualTo("C:\\temp");
    }
}
