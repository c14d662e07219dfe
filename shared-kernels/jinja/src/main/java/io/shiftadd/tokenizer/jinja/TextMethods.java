package io.shiftadd.tokenizer.jinja;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Methods of Python's strings. */
final class TextMethods {

    private final Budget budget;

    TextMethods(Budget budget) {
        this.budget = budget;
    }

    @Nullable
    Callable method(String text, String name) {
        budget.charge(text.length());
        Callable method = find(text, name);
        if (method == null) {
            return null;
        }
        return arguments -> {
            try {
                return method.call(arguments);
            } catch (JinjaException e) {
                throw new JinjaException(name + ": " + e.getMessage());
            }
        };
    }

    private @Nullable Callable find(String text, String name) {
        return switch (name) {
            case "upper" -> unary(text.toUpperCase(Locale.ROOT));
            case "lower", "casefold" -> unary(text.toLowerCase(Locale.ROOT));
            case "capitalize" -> unary(PythonText.capitalize(text));
            case "title" -> unary(PythonText.title(text));
            case "swapcase" -> unary(swapped(text));
            case "istitle" -> unary(isTitle(text));
            case "isascii" -> unary(text.chars().allMatch(c -> c < 0x80));
            case "isdigit", "isdecimal", "isnumeric" -> unary(all(text, Character::isDigit));
            case "isalpha" -> unary(all(text, Character::isLetter));
            case "isalnum" -> unary(all(text, Character::isLetterOrDigit));
            case "isspace" -> unary(all(text, PythonText::isSpace));
            case "isupper" -> unary(isCase(text, text.toUpperCase(Locale.ROOT)));
            case "islower" -> unary(isCase(text, text.toLowerCase(Locale.ROOT)));
            case "strip" -> arguments -> strip(text, arguments, true, true);
            case "lstrip" -> arguments -> strip(text, arguments, true, false);
            case "rstrip" -> arguments -> strip(text, arguments, false, true);
            case "split" -> arguments -> split(text, arguments, false);
            case "rsplit" -> arguments -> split(text, arguments, true);
            case "splitlines" ->
                arguments -> {
                    Object keep = arguments.bind(0, "keepends")[0];
                    return PythonText.lines(text, keep != null && Values.isTrue(keep));
                };
            case "format" -> arguments -> PercentFormat.fields(text, arguments, budget);
            case "join" -> arguments -> join(text, arguments);
            case "replace" -> arguments -> replace(text, arguments);
            default -> search(text, name);
        };
    }

    private @Nullable Callable search(String text, String name) {
        return switch (name) {
            case "startswith" -> arguments -> hasAffix(text, arguments, true);
            case "endswith" -> arguments -> hasAffix(text, arguments, false);
            case "find", "index" -> arguments -> position(name, text, arguments, false);
            case "rfind", "rindex" -> arguments -> position(name, text, arguments, true);
            case "count" ->
                arguments -> {
                    String part = string(arguments.positional(1, 3).getFirst());
                    int[] bounds = bounds(text, arguments);
                    if (bounds[0] > bounds[1]) {
                        return 0L;
                    }
                    String within = text.substring(bounds[0], bounds[1]);
                    return part.isEmpty()
                            ? PythonText.length(within) + 1L
                            : PythonText.split(within, part, -1).size() - 1L;
                };
            case "ljust" -> arguments -> filled(text, arguments, 0);
            case "rjust" -> arguments -> filled(text, arguments, 1);
            case "center" -> arguments -> filled(text, arguments, 2);
            case "removeprefix" ->
                arguments -> {
                    String prefix = one(arguments);
                    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
                };
            case "removesuffix" ->
                arguments -> {
                    String suffix = one(arguments);
                    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
                };
            case "partition", "rpartition" -> arguments -> partition(text, one(arguments), name.equals("partition"));
            case "zfill" ->
                arguments ->
                        padded(text, Values.integer(arguments.positional(1, 1).getFirst()));
            default -> null;
        };
    }

    private static Callable unary(Object result) {
        return arguments -> {
            arguments.positional(0, 0);
            return result;
        };
    }

    private interface CharacterTest {
        boolean test(int character);
    }

    private static boolean all(String text, CharacterTest test) {
        return !text.isEmpty() && text.codePoints().allMatch(test::test);
    }

    private static boolean isCase(String text, String inCase) {
        boolean hasCase = text.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
        return hasCase && text.equals(inCase);
    }

    private static boolean isTitle(String text) {
        return isCase(text, text) && text.equals(PythonText.title(text));
    }

    private static String one(Arguments arguments) {
        return string(arguments.positional(1, 1).getFirst());
    }

    static String string(Object value) {
        return switch (value) {
            case String text -> text;
            case Undefined nothing -> throw nothing.failure();
            default -> throw new JinjaException("needs a string, not " + Values.typeName(value));
        };
    }

    private static Object strip(String text, Arguments arguments, boolean left, boolean right) {
        List<Object> given = arguments.positional(0, 1);
        boolean isSpace = given.isEmpty() || given.getFirst() == None.NONE;
        return PythonText.strip(text, isSpace ? null : string(given.getFirst()), left, right);
    }

    private Object split(String text, Arguments arguments, boolean fromRight) {
        @Nullable Object[] given = arguments.bind(0, "sep", "maxsplit");
        Object separator = given[0];
        long limit = given[1] == null ? -1 : Values.integer(given[1]);
        budget.charge(8L * text.length());
        if (separator == null || separator == None.NONE) {
            if (fromRight && limit >= 0) {
                throw new JinjaException("a limit from the right needs a separator");
            }
            return PythonText.words(text, limit);
        }
        return fromRight
                ? PythonText.splitFromRight(text, string(separator), limit)
                : PythonText.split(text, string(separator), limit);
    }

    private static boolean hasAffix(String text, Object affix, boolean atStart) {
        if (affix instanceof Tuple several) {
            return several.stream().anyMatch(one -> hasAffix(text, one, atStart));
        }
        return atStart ? text.startsWith(string(affix)) : text.endsWith(string(affix));
    }

    /** The characters that the second and third argument bound, as a slice does. */
    private static int[] bounds(String text, Arguments arguments) {
        List<Object> given = arguments.positional(1, 3);
        int length = PythonText.length(text);
        long from = given.size() < 2 || given.get(1) == None.NONE ? 0 : Values.integer(given.get(1));
        long to = given.size() < 3 || given.get(2) == None.NONE ? length : Values.integer(given.get(2));
        int begin = Math.clamp(from < 0 ? from + length : from, 0, length + 1);
        int end = Math.clamp(to < 0 ? to + length : to, 0, length);
        return new int[] {
            begin > length ? text.length() + 1 : text.offsetByCodePoints(0, begin), text.offsetByCodePoints(0, end)
        };
    }

    private static boolean hasAffix(String text, Arguments arguments, boolean atStart) {
        int[] bounds = bounds(text, arguments);
        return bounds[0] <= bounds[1]
                && hasAffix(
                        text.substring(bounds[0], bounds[1]), arguments.values().getFirst(), atStart);
    }

    private static Object position(String name, String text, Arguments arguments, boolean isLast) {
        int[] bounds = bounds(text, arguments);
        String part = string(arguments.values().getFirst());
        int at = -1;
        if (bounds[0] <= bounds[1]) {
            String within = text.substring(bounds[0], bounds[1]);
            at = isLast ? within.lastIndexOf(part) : within.indexOf(part);
        }
        if (at >= 0) {
            return (long) text.codePointCount(0, bounds[0] + at);
        }
        if (name.endsWith("index")) {
            throw new JinjaException("the string does not contain '" + part + "'");
        }
        return -1L;
    }

    /** @param side 0 for text on the left, 1 on the right, 2 in the middle */
    private Object filled(String text, Arguments arguments, int side) {
        List<Object> given = arguments.positional(1, 2);
        String filling = given.size() < 2 ? " " : string(given.get(1));
        if (PythonText.length(filling) != 1) {
            throw new JinjaException("needs one character to fill with");
        }
        int width = Math.clamp(Values.integer(given.getFirst()), 0, Integer.MAX_VALUE);
        int padding = Math.max(0, width - PythonText.length(text));
        budget.charge(padding);
        int middle = padding / 2 + (padding & width & 1);
        int left = side == 0 ? 0 : side == 1 ? padding : middle;
        return filling.repeat(left) + text + filling.repeat(padding - left);
    }

    private static String swapped(String text) {
        StringBuilder swapped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            String character = Character.toString(c);
            swapped.append(
                    Character.isUpperCase(c) ? character.toLowerCase(Locale.ROOT) : character.toUpperCase(Locale.ROOT));
        });
        return swapped.toString();
    }

    private Object join(String separator, Arguments arguments) {
        StringBuilder joined = new StringBuilder();
        boolean isFirst = true;
        for (Object part : Values.items(arguments.positional(1, 1).getFirst(), budget)) {
            String next = string(part);
            budget.charge((long) next.length() + separator.length());
            joined.append(isFirst ? "" : separator).append(next);
            isFirst = false;
        }
        return joined.toString();
    }

    private Object replace(String text, Arguments arguments) {
        List<Object> given = arguments.positional(2, 3);
        long limit = given.size() > 2 ? Values.integer(given.get(2)) : -1;
        return replace(text, string(given.get(0)), string(given.get(1)), limit, budget);
    }

    /**
     * @param limit of replacements; −1 for none
     */
    static String replace(String text, String old, String by, long limit, Budget budget) {
        StringBuilder replaced = new StringBuilder();
        int from = 0;
        long count = 0;
        for (int at = text.indexOf(old); at >= 0 && (limit < 0 || count < limit); count++) {
            budget.charge(by.length() + 1L);
            replaced.append(text, from, at).append(by);
            from = at + old.length();
            if (old.isEmpty()) {
                if (at == text.length()) {
                    break;
                }
                int next = text.offsetByCodePoints(at, 1);
                replaced.append(text, at, next);
                from = next;
                at = next;
            } else {
                at = text.indexOf(old, from);
            }
        }
        budget.charge(text.length());
        return replaced.append(text, Math.min(from, text.length()), text.length())
                .toString();
    }

    private static Object partition(String text, String separator, boolean first) {
        if (separator.isEmpty()) {
            throw new JinjaException("the separator is empty");
        }
        int at = first ? text.indexOf(separator) : text.lastIndexOf(separator);
        if (at < 0) {
            return first ? Tuple.of(text, "", "") : Tuple.of("", "", text);
        }
        return Tuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
    }

    private Object padded(String text, long width) {
        int padding = Math.clamp(width - PythonText.length(text), 0, Integer.MAX_VALUE);
        budget.charge(padding);
        boolean hasSign = text.startsWith("-") || text.startsWith("+");
        return hasSign ? text.charAt(0) + "0".repeat(padding) + text.substring(1) : "0".repeat(padding) + text;
    }
}
