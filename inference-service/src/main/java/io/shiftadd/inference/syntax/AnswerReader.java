package io.shiftadd.inference.syntax;

import io.shiftadd.inference.syntax.AnswerPart.CallBegun;
import io.shiftadd.inference.syntax.AnswerPart.Said;
import io.shiftadd.inference.syntax.AnswerPart.Thought;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells what the pieces of one answer are as they come: a thought, text, or calls. Holds back only what may be the
 * beginning of a mark, and the white space around a thought and before calls.
 */
public final class AnswerReader {

    private final @Nullable Reasoning reasoning;
    private final @Nullable ToolFormat format;
    private final @Nullable Triggers triggers;
    private final Set<String> tools;
    private final StringBuilder held = new StringBuilder();
    /** What calls were read from, until the first of them is known to be one. */
    private final StringBuilder doubtful = new StringBuilder();

    private Place place;
    private @Nullable CallReader calls;
    private boolean said;
    private boolean thought;
    private boolean afterThought;

    private enum Place {
        BEFORE_THOUGHT,
        THOUGHT,
        TEXT,
        /** Text to the end, whatever it has. */
        ONLY_TEXT,
        CALLS
    }

    /**
     * @param reasoning null when the model does not think
     * @param start where the prompt has left the thought
     * @param format null when no tool may be called
     * @param tools names of those that may be called
     */
    public AnswerReader(
            @Nullable Reasoning reasoning, Reasoning.Start start, @Nullable ToolFormat format, Set<String> tools) {
        this.reasoning = reasoning;
        this.format = format;
        this.triggers = format == null ? null : format.triggers(tools);
        this.tools = Set.copyOf(tools);
        this.place = reasoning == null || start == Reasoning.Start.ENDED
                ? textPlace()
                : start == Reasoning.Start.THINKING ? Place.THOUGHT : Place.BEFORE_THOUGHT;
    }

    private Place textPlace() {
        return format == null ? Place.ONLY_TEXT : Place.TEXT;
    }

    /** Whether what comes is still thought; what was told last may be its end. */
    public boolean isThinking() {
        return place == Place.THOUGHT;
    }

    /** Whether a tool was called. */
    public boolean hasCalls() {
        return calls != null && calls.hasCall();
    }

    public List<AnswerPart> push(String text) {
        List<AnswerPart> out = new ArrayList<>();
        held.append(text);
        read(out, false);
        return out;
    }

    /** No more text comes: what was held back is what it looks like. */
    public List<AnswerPart> finish() {
        List<AnswerPart> out = new ArrayList<>();
        read(out, true);
        if (place == Place.CALLS && !hasCalls()) {
            say(doubtful.toString(), out);
        }
        return out;
    }

    private void read(List<AnswerPart> out, boolean last) {
        Place before;
        do {
            before = place;
            switch (place) {
                case BEFORE_THOUGHT -> beforeThought(last);
                case THOUGHT -> thought(out, last);
                case TEXT -> text(out, last);
                case ONLY_TEXT -> say(taken(held.length()), out);
                case CALLS -> calls(out);
            }
        } while (place != before);
    }

    private Reasoning marks() {
        return Optional.ofNullable(reasoning).orElseThrow();
    }

    private void beforeThought(boolean last) {
        String rest = held.toString().stripLeading();
        if (rest.startsWith(marks().open())) {
            held.setLength(0);
            held.append(rest, marks().open().length(), rest.length());
            place = Place.THOUGHT;
        } else if (last || !marks().open().startsWith(rest)) {
            place = textPlace();
        }
    }

    private void thought(List<AnswerPart> out, boolean last) {
        int end = held.indexOf(marks().close());
        String close = marks().close();
        int safe = end >= 0 ? end : last ? held.length() : held.length() - openEnd(close);
        String text = held.substring(0, safe);
        // White space around a thought is the template's, not the model's.
        String told = thought ? text : text.stripLeading();
        int blanks = told.length() - told.stripTrailing().length();
        if (!told.isBlank()) {
            thought = true;
            out.add(new Thought(told.substring(0, told.length() - blanks)));
        }
        if (end >= 0) {
            held.delete(0, end + close.length());
            afterThought = true;
            place = textPlace();
        } else {
            held.delete(0, safe - (thought ? blanks : 0));
        }
    }

    private int openEnd(String mark) {
        int length = Math.min(mark.length() - 1, held.length());
        while (length > 0 && !mark.startsWith(held.substring(held.length() - length))) {
            length--;
        }
        return length;
    }

    private void strip() {
        String rest = held.toString().stripLeading();
        held.setLength(0);
        held.append(rest);
    }

    private void text(List<AnswerPart> out, boolean last) {
        if (afterThought && !said) {
            strip();
        }
        Triggers looked = Optional.ofNullable(triggers).orElseThrow();
        Optional<Integer> begin = said && looked.onlyFirst() ? Optional.empty() : looked.in(held);
        if (begin.isPresent()) {
            String before = taken(begin.get());
            String told = before.stripTrailing();
            doubtful.append(before, told.length(), before.length());
            say(told, out);
            place = Place.CALLS;
            calls = CallReader.of(Optional.ofNullable(format).orElseThrow(), tools);
            return;
        }
        boolean over = said && looked.onlyFirst();
        int safe = held.length() - (last || over ? 0 : looked.open(held));
        // White space before a call is the format's; whether one follows is not known yet.
        while (!last && safe > 0 && Character.isWhitespace(held.charAt(safe - 1))) {
            safe--;
        }
        say(taken(safe), out);
    }

    private void calls(List<AnswerPart> out) {
        String text = taken(held.length());
        CallReader reader = Optional.ofNullable(calls).orElseThrow();
        if (reader.hasCall()) {
            reader.push(text, out);
            return;
        }
        doubtful.append(text);
        List<AnswerPart> parts = new ArrayList<>();
        reader.push(text, parts);
        for (AnswerPart part : parts) {
            if (part instanceof CallBegun begun && !tools.contains(begun.name())) {
                place = Place.ONLY_TEXT;
                calls = null;
                held.append(doubtful);
                return;
            }
        }
        out.addAll(parts);
    }

    private String taken(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }

    private void say(String text, List<AnswerPart> out) {
        String told = afterThought && !said ? text.stripLeading() : text;
        if (!told.isEmpty()) {
            said = true;
            out.add(new Said(told));
        }
    }
}
