package io.shiftadd.cli.stack;

import java.util.List;

/** Hears how the stack comes up and goes down; names are those of {@link Service#shortName}, and "postgres". */
public interface StackListener {

    /** Is called several times a second while something is waited for. */
    void waiting(List<String> names, double seconds);

    /** @param seconds since it was started; 0 when it ran already */
    void ready(String name, String address, double seconds);

    /** Something noteworthy that is no failure. */
    void note(String text);
}
