package io.shiftadd.inference.grammar.schema;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The keywords that restrict values and are not kept to: they are refused by name, because ignoring one would produce
 * values that the schema forbids. Each passes where it asks for nothing. All others that are not known are annotations.
 */
final class Unsupported {

    /** By keyword, whether it asks for nothing where it stands. */
    private static final Map<String, Predicate<Keywords>> KEYWORDS = new LinkedHashMap<>();

    static {
        KEYWORDS.put("not", keywords -> keywords.isFalse("not"));
        KEYWORDS.put("if", keywords -> keywords.asksForNothing("then") && keywords.asksForNothing("else"));
        KEYWORDS.put(
                "contains",
                keywords -> keywords.has("minContains")
                        && keywords.least("minContains") == 0
                        && keywords.most("maxContains") == Assertions.UNLIMITED);
        for (String keyword : new String[] {"dependentRequired", "dependentSchemas", "dependencies"}) {
            KEYWORDS.put(keyword, keywords -> keywords.isEmpty(keyword));
        }
        for (String keyword : new String[] {"unevaluatedProperties", "unevaluatedItems"}) {
            KEYWORDS.put(
                    keyword,
                    keywords -> keywords.asksForNothing(keyword) || keywords.isFalse(keyword) && alone(keywords));
        }
        for (String keyword : new String[] {
            "$dynamicRef",
            "$recursiveRef",
            "extends",
            "disallow",
            "divisibleBy",
            "formatMinimum",
            "formatMaximum",
            "formatExclusiveMinimum",
            "formatExclusiveMaximum"
        }) {
            KEYWORDS.put(keyword, keywords -> false);
        }
    }

    private Unsupported() {}

    /** Whether no other schema beside the keyword evaluates properties or items. */
    private static boolean alone(Keywords keywords) {
        return Stream.of("$ref", "allOf", "anyOf", "oneOf", "if").noneMatch(keywords::has);
    }

    /** @throws SchemaException when one of them restricts values */
    static void refuse(Keywords keywords) {
        KEYWORDS.forEach((keyword, asksForNothing) -> {
            if (keywords.has(keyword) && !asksForNothing.test(keywords)) {
                if (keyword.equals("not") && keywords.asksForNothing("not")) {
                    throw new Contradiction(keywords.where(keyword), "forbids every value");
                }
                throw new SchemaException(
                        keywords.where(keyword),
                        "is not supported; docs/inference.md lists the keywords that are, others may restrict nothing");
            }
        });
    }
}
