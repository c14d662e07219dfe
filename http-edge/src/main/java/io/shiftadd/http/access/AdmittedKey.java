package io.shiftadd.http.access;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** The key that a request was let in with, for what is asked of the registry in its client's name. */
public final class AdmittedKey {

    private static final String ATTRIBUTE = AdmittedKey.class.getName();

    private AdmittedKey() {}

    /** Notes the header {@code Authorization} of a request that {@link Admission} has let in. */
    public static void remember(HttpServletRequest request, @Nullable String authorization) {
        request.setAttribute(ATTRIBUTE, authorization);
    }

    /** The header to send on; null where no keys are asked for. */
    public static @Nullable String of(HttpServletRequest request) {
        return (String) request.getAttribute(ATTRIBUTE);
    }
}
