package io.shiftadd.inference.syntax;

import java.util.List;
import java.util.Set;

/** Reads calls from the text that has them, as it comes. */
interface CallReader {

    /** Whether the name of the first call is known. */
    boolean hasCall();

    void push(String text, List<AnswerPart> out);

    /** @param tools that may be called */
    static CallReader of(ToolFormat format, Set<String> tools) {
        return format.isPython()
                ? new PythonCallReader(tools, () -> CallIds.next(format))
                : new JsonCallReader(format, () -> CallIds.next(format));
    }
}
