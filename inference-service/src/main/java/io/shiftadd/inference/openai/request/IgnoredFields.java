package io.shiftadd.inference.openai.request;

import io.shiftadd.http.ClosestNames;
import io.shiftadd.http.Shown;
import io.shiftadd.inference.openai.error.ApiException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names of fields that a request has and this API does not, of which none would have changed the answer. */
public final class IgnoredFields {

    /** Tells a client what was not used; absent when everything was. */
    static final String HEADER = "X-ShiftAdd-Ignored-Fields";

    private static final Logger LOG = LoggerFactory.getLogger(IgnoredFields.class);
    private static final int MOST_NAMES = 20;

    /** Each is compared with all that are known, and a body may have hundreds of thousands of fields. */
    private static final int MOST_COMPARED = 1_000;

    private final Set<String> names = new LinkedHashSet<>();
    private final Map<Compared, Optional<String>> meant = new HashMap<>();

    /** A name, and where it stands: objects of one kind know the same set. */
    private record Compared(String name, Set<String> known) {}

    /**
     * The known field of which one that is not known is a misspelling; null when there is none. Every name is compared
     * once.
     *
     * @throws ApiException when the request has too many such names
     */
    @Nullable
    String meant(String name, Set<String> known) {
        Compared compared = new Compared(name, known);
        if (meant.size() == MOST_COMPARED && !meant.containsKey(compared)) {
            String shown = Shown.of(name);
            throw ApiException.invalid(
                    shown,
                    "'" + shown + "' is one of more than " + MOST_COMPARED
                            + " names of fields that this server does not know; leave them out");
        }
        return meant.computeIfAbsent(compared, _ -> Optional.ofNullable(ClosestNames.misspelled(name, known)))
                .orElse(null);
    }

    /** @param where the field's path; elements of an array count as one */
    void add(String where) {
        names.add(where.replaceAll("\\[[0-9]+]", "[]").replaceAll("[^A-Za-z0-9_.\\[\\]-]", "?"));
    }

    /** Names them in the answer's header and in the log. */
    public void report(HttpServletResponse response) {
        if (names.isEmpty()) {
            return;
        }
        String listed = String.join(", ", names.stream().limit(MOST_NAMES).toList());
        String all = names.size() > MOST_NAMES ? listed + ", ..." : listed;
        response.setHeader(HEADER, all);
        LOG.debug("Ignored fields: {}", all);
    }
}
