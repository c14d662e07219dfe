package io.shiftadd.inference.grammar.rule;

import org.jspecify.annotations.Nullable;

/**
 * How far the arguments of a call have been read that stand as Python has them: {@code (city="Paris", days=None)}, or
 * {@code (**{"a-b": True})} where a name is no identifier. They say what a JSON object says, and are told as one, piece
 * by piece. Strings are those of JSON.
 *
 * @param depth containers that are open within the value
 * @param word letters of {@code None} that have been read; 0 outside of it
 */
public record PythonArguments(Place place, int depth, int word) {

    /** Before the opening parenthesis. */
    public static final PythonArguments START = new PythonArguments(Place.BEGIN, 0, 0);

    /** What the equals sign after a name says; written-out values of a schema have no blank there. */
    public static final String NAMED = "\":";

    private static final String PYTHON_NONE = "None";
    private static final String JSON_NULL = "null";

    /** Where the next character stands. */
    public enum Place {
        BEGIN,
        /** After the parenthesis. */
        FIRST,
        /** After the first of two stars. */
        STAR,
        /** In a dictionary after two stars, outside of strings. */
        DICTIONARY,
        DICTIONARY_STRING,
        DICTIONARY_ESCAPE,
        /** After a comma between arguments. */
        NEXT,
        NAME,
        /** In a value, outside of strings. */
        VALUE,
        STRING,
        ESCAPE,
        /** After the dictionary: the parenthesis closes. */
        CLOSING,
        OVER
    }

    /**
     * One character read.
     *
     * @param json what it says in JSON
     */
    public record Step(PythonArguments after, String json) {}

    public boolean isOver() {
        return place == Place.OVER;
    }

    /** @return null when no arguments go on so, as far as Python and JSON differ */
    public @Nullable Step read(int c) {
        return switch (place) {
            case BEGIN -> c == '(' ? to(Place.FIRST, "") : null;
            case FIRST -> first(c);
            case STAR -> c == '*' ? to(Place.DICTIONARY, "") : null;
            case NEXT -> isBlank(c) ? to(place, text(c)) : name(c);
            case NAME -> c == '=' ? to(Place.VALUE, NAMED) : isPartOfName(c) ? to(place, text(c)) : null;
            case VALUE, DICTIONARY -> value(c);
            case STRING, DICTIONARY_STRING -> string(c);
            case ESCAPE -> to(Place.STRING, text(c));
            case DICTIONARY_ESCAPE -> to(Place.DICTIONARY_STRING, text(c));
            case CLOSING -> c == ')' ? to(Place.OVER, "") : null;
            case OVER -> null;
        };
    }

    private @Nullable Step first(int c) {
        if (c == ')') {
            return to(Place.OVER, "{}");
        }
        if (c == '*') {
            return to(Place.STAR, "");
        }
        Step name = name(c);
        return name == null ? null : new Step(name.after(), "{" + name.json());
    }

    private @Nullable Step name(int c) {
        return isPartOfName(c) && !Character.isDigit(c) ? to(Place.NAME, "\"" + text(c)) : null;
    }

    private @Nullable Step value(int c) {
        if (word > 0) {
            boolean last = word + 1 == PYTHON_NONE.length();
            return c == PYTHON_NONE.charAt(word)
                    ? new Step(
                            new PythonArguments(place, depth, last ? 0 : word + 1), JSON_NULL.substring(word, word + 1))
                    : null;
        }
        boolean keywords = place == Place.VALUE;
        return switch (c) {
            case '"' -> to(keywords ? Place.STRING : Place.DICTIONARY_STRING, "\"");
            case '{', '[' -> deeper(1, c);
            case '}', ']' -> closing(c, keywords);
            case ',' -> keywords && depth == 0 ? to(Place.NEXT, ",") : to(place, ",");
            case ')' -> keywords && depth == 0 ? to(Place.OVER, "}") : null;
            case 'T' -> to(place, "t");
            case 'F' -> to(place, "f");
            case 'N' -> new Step(new PythonArguments(place, depth, 1), "n");
            case 't', 'f', 'n' -> null;
            default -> keywords || depth > 0 ? to(place, text(c)) : null;
        };
    }

    private @Nullable Step closing(int c, boolean keywords) {
        if (depth == 0) {
            return null;
        }
        return depth == 1 && !keywords ? new Step(new PythonArguments(Place.CLOSING, 0, 0), text(c)) : deeper(-1, c);
    }

    private Step deeper(int by, int c) {
        return new Step(new PythonArguments(place, depth + by, 0), text(c));
    }

    private Step string(int c) {
        boolean keywords = place == Place.STRING;
        Place after = switch (c) {
            case '\\' -> keywords ? Place.ESCAPE : Place.DICTIONARY_ESCAPE;
            case '"' -> keywords ? Place.VALUE : Place.DICTIONARY;
            default -> place;
        };
        return to(after, text(c));
    }

    private Step to(Place next, String json) {
        return new Step(new PythonArguments(next, depth, 0), json);
    }

    /**
     * What is written here for the next character of the JSON object, as {@link #read} takes it; the other way round.
     *
     * @param asKeywords whether an object that has not begun is written as keywords
     */
    String written(int json, boolean asKeywords) {
        return switch (place) {
            case BEGIN -> "(";
            case FIRST -> json == '{' ? asKeywords ? "" : "**{" : json == '"' ? "" : json == '}' ? ")" : text(json);
            case STAR -> "*{";
            case NEXT -> json == '"' ? "" : text(json);
            case NAME -> json == '"' ? "=" : text(json);
            case VALUE, DICTIONARY -> writtenInValue(json);
            default -> text(json);
        };
    }

    private String writtenInValue(int json) {
        if (word > 0) {
            return PYTHON_NONE.substring(word, word + 1);
        }
        boolean argument = place == Place.VALUE && depth == 0;
        return switch (json) {
            // The colon after a name; what was written for its closing quote says it.
            case ':' -> argument ? "" : ":";
            case '}' -> argument ? ")" : place == Place.DICTIONARY && depth == 1 ? "})" : "}";
            case 't' -> "T";
            case 'f' -> "F";
            case 'n' -> "N";
            default -> text(json);
        };
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r';
    }

    private static boolean isPartOfName(int c) {
        return c == '_' || c < 0x80 && Character.isLetterOrDigit(c);
    }

    private static String text(int c) {
        return String.valueOf((char) c);
    }
}
