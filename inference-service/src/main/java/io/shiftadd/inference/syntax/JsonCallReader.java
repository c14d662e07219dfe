package io.shiftadd.inference.syntax;

import io.shiftadd.inference.syntax.AnswerPart.CallArguments;
import io.shiftadd.inference.syntax.AnswerPart.CallBegun;
import io.shiftadd.inference.syntax.AnswerPart.CallEnded;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls that are objects with a name and arguments, or a name and such an object. What stands around is looked over.
 */
final class JsonCallReader implements CallReader {

    private static final Set<String> ARGUMENTS = Set.of("arguments", "parameters");
    private static final String BEFORE_NAME = "[TOOL_CALLS]";
    private static final String BEFORE_ID = "[CALL_ID]";
    private static final String BEFORE_ARGUMENTS = "[ARGS]";

    private final boolean named;
    private final Supplier<String> ids;
    private final StringBuilder read = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();
    private Place place = Place.OUTSIDE;
    private JsonSpan span = new JsonSpan();
    private String key = "";
    private int call = -1;

    private enum Place {
        OUTSIDE,
        BEFORE_KEY,
        KEY,
        BEFORE_VALUE,
        VALUE
    }

    JsonCallReader(ToolFormat format, Supplier<String> ids) {
        this.named = format == ToolFormat.MISTRAL_NAMED;
        this.ids = ids;
    }

    @Override
    public boolean hasCall() {
        return call >= 0;
    }

    @Override
    public void push(String text, List<AnswerPart> out) {
        for (int i = 0; i < text.length(); i++) {
            next(text.charAt(i), out);
        }
        tellArguments(out);
    }

    private void next(char c, List<AnswerPart> out) {
        switch (place) {
            case OUTSIDE -> outside(c, out);
            case BEFORE_KEY -> {
                if (c == '"') {
                    begin(Place.KEY, c);
                } else if (c == '}') {
                    place = Place.OUTSIDE;
                }
            }
            case KEY -> {
                read.append(c);
                if (span.next(c) == JsonSpan.Place.LAST) {
                    key = text(read);
                    place = Place.BEFORE_VALUE;
                }
            }
            case BEFORE_VALUE -> {
                if (c != ':' && !Character.isWhitespace(c)) {
                    begin(Place.VALUE, c);
                    arguments.append(ARGUMENTS.contains(key) ? String.valueOf(c) : "");
                }
            }
            case VALUE -> value(c, out);
        }
    }

    private void outside(char c, List<AnswerPart> out) {
        if (!named) {
            if (c == '{') {
                place = Place.BEFORE_KEY;
            }
            return;
        }
        read.append(c);
        int at = read.lastIndexOf(BEFORE_NAME);
        if (at >= 0 && read.length() >= BEFORE_ARGUMENTS.length() && read.indexOf(BEFORE_ARGUMENTS, at) >= 0) {
            String name = read.substring(at + BEFORE_NAME.length(), read.length() - BEFORE_ARGUMENTS.length());
            int id = name.indexOf(BEFORE_ID);
            beginCall((id < 0 ? name : name.substring(0, id)).strip(), out);
            key = "arguments";
            place = Place.BEFORE_VALUE;
        }
    }

    private void begin(Place next, char c) {
        place = next;
        span = new JsonSpan();
        read.setLength(0);
        read.append(c);
        span.next(c);
    }

    private void value(char c, List<AnswerPart> out) {
        JsonSpan.Place at = span.next(c);
        if (at != JsonSpan.Place.AFTER) {
            boolean isArguments = ARGUMENTS.contains(key);
            (isArguments ? arguments : read).append(c);
        }
        if (at == JsonSpan.Place.INSIDE) {
            return;
        }
        if (key.equals("name")) {
            beginCall(text(read), out);
        } else if (ARGUMENTS.contains(key)) {
            tellArguments(out);
            out.add(new CallEnded(call));
        }
        read.setLength(0);
        place = named ? Place.OUTSIDE : Place.BEFORE_KEY;
        if (at == JsonSpan.Place.AFTER) {
            next(c, out);
        }
    }

    private void beginCall(String name, List<AnswerPart> out) {
        call++;
        out.add(new CallBegun(call, ids.get(), name));
    }

    private void tellArguments(List<AnswerPart> out) {
        if (!arguments.isEmpty() && call >= 0) {
            out.add(new CallArguments(call, arguments.toString()));
            arguments.setLength(0);
        }
    }

    private static String text(CharSequence json) {
        return Optional.ofNullable(JsonMapper.shared().readTree(json.toString()).asString(null))
                .orElse("");
    }
}
