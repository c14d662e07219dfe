package io.shiftadd.inference.openai;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Fields that this API does not have. Those that OpenAI's API has may be sent with a value that asks for nothing; whatever
 * asks for something is refused, never ignored.
 */
final class UnsupportedFields {

    private static final Predicate<JsonNode> EMPTY = value -> value.isContainer() && value.isEmpty();
    private static final Predicate<JsonNode> FALSE = value -> value.isBoolean() && !value.booleanValue();
    private static final Predicate<JsonNode> NEVER = value -> false;

    private static final Map<String, Predicate<JsonNode>> OF_OPENAI = Map.ofEntries(
            Map.entry("annotations", EMPTY),
            Map.entry("audio", NEVER),
            Map.entry("function_call", is("none")),
            Map.entry("functions", EMPTY),
            Map.entry("include_obfuscation", FALSE),
            Map.entry("metadata", EMPTY),
            Map.entry(
                    "modalities",
                    value -> value.isArray() && value.size() == 1 && is("text").test(value.get(0))),
            Map.entry("moderation", NEVER),
            Map.entry("parallel_tool_calls", NEVER),
            Map.entry("prediction", NEVER),
            Map.entry("prompt_cache_key", NEVER),
            Map.entry("prompt_cache_retention", NEVER),
            Map.entry("reasoning_effort", is("none")),
            Map.entry("refusal", NEVER),
            Map.entry("safety_identifier", NEVER),
            Map.entry("service_tier", is("auto").or(is("default"))),
            Map.entry("store", FALSE),
            Map.entry("suffix", is("")),
            Map.entry("tool_call_id", NEVER),
            Map.entry("tool_calls", EMPTY),
            Map.entry("tool_choice", is("none")),
            Map.entry("tools", EMPTY),
            Map.entry("verbosity", NEVER),
            Map.entry("web_search_options", NEVER));

    private UnsupportedFields() {}

    private static Predicate<JsonNode> is(String word) {
        return value -> value.isString() && value.stringValue().equals(word);
    }

    static boolean isHarmless(String name, JsonNode value) {
        Predicate<JsonNode> harmless = OF_OPENAI.get(name);
        return harmless != null && (value.isNull() || harmless.test(value));
    }

    static String message(String where, String name, Set<String> known) {
        String closest = closest(name, known);
        return OF_OPENAI.containsKey(name)
                ? "'" + where + "' is not supported by this server; leave it out. The closest supported field is '"
                        + closest + "'"
                : "'" + where + "' is not a field of this request; the closest one is '" + closest + "'";
    }

    /** The known name that takes the fewest changed letters; the first by alphabet among equals. */
    static String closest(String name, Set<String> known) {
        String best = "";
        int fewest = Integer.MAX_VALUE;
        for (String candidate : new TreeSet<>(known)) {
            int changes = changes(name, candidate);
            if (changes < fewest) {
                fewest = changes;
                best = candidate;
            }
        }
        return best;
    }

    /** Levenshtein distance; names far longer than any known one are cut, their distance is large anyway. */
    private static int changes(String whole, String b) {
        String a = whole.length() > 64 ? whole.substring(0, 64) : whole;
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
