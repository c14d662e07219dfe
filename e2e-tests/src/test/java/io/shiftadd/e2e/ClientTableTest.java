package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** No cell of the table of clients says yes without a test that is there. */
class ClientTableTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "inference.md");

    /** A test; without a class, of the one that was named before. */
    private static final Pattern NAME = Pattern.compile("`(\\w*)#(\\w+)`");

    private static final Pattern NAMES = Pattern.compile("(?:`\\w*#\\w+`(?:, )?)+");

    private static final ClassLoader LOADER = ClientTableTest.class.getClassLoader();

    private static List<List<String>> rows() throws IOException {
        List<String> lines = Files.readAllLines(DOCUMENT);
        List<List<String>> rows = new ArrayList<>();
        for (String line : lines.subList(lines.indexOf("## Clients") + 1, lines.size())) {
            if (line.startsWith("## ")) {
                break;
            }
            if (line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| client")) {
                rows.add(Arrays.stream(line.split("\\|"))
                        .map(String::strip)
                        .skip(1)
                        .toList());
            }
        }
        return rows;
    }

    @Test
    void everyCellNamesTestsThatExistOrSaysThatThereIsNone() throws IOException {
        List<List<String>> rows = rows();
        assertThat(rows).hasSizeGreaterThan(5);
        for (List<String> row : rows) {
            assertThat(row).as(row.getFirst()).hasSize(6);
            assertThat(row.get(1)).as(row.getFirst()).matches(NAMES);
            for (String cell : row.subList(1, row.size())) {
                assertThat(cell.equals("–")
                                || cell.equals("same")
                                || NAMES.matcher(cell).matches())
                        .as("%s: %s", row.getFirst(), cell)
                        .isTrue();
                requireTests(cell);
            }
        }
    }

    private static void requireTests(String cell) {
        Matcher names = NAME.matcher(cell);
        String type = "";
        while (names.find()) {
            type = names.group(1).isEmpty() ? type : names.group(1);
            assertThat(tests(type)).as(type).contains(names.group(2));
        }
    }

    private static List<String> tests(String type) {
        try {
            return Arrays.stream(Class.forName(ClientTableTest.class.getPackageName() + "." + type, false, LOADER)
                            .getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Test.class)
                            || method.isAnnotationPresent(ParameterizedTest.class))
                    .map(Method::getName)
                    .toList();
        } catch (ClassNotFoundException e) {
            throw new AssertionError("the table names the test class " + type + ", which does not exist", e);
        }
    }
}
