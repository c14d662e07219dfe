package io.shiftadd.registry.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.http.problem.ProblemType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTypeTest {

    @ParameterizedTest
    @EnumSource
    void isDocumentedWithItsStatus(ProblemType type) throws IOException {
        String name = type.uri().toString().replace("urn:shiftadd:problem:", "");
        assertThat(Files.readString(Path.of("..", "docs", "problems.md")))
                .contains("| `" + name + "` | " + type.status().value() + " |");
    }
}
