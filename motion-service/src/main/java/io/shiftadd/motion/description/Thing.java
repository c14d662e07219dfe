package io.shiftadd.motion.description;

import java.util.Locale;

/** What lies before the arm, in the order of the reward's parameter {@code reach}. */
public enum Thing {
    CUBE,
    CRATE,
    DRAWER_HANDLE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
