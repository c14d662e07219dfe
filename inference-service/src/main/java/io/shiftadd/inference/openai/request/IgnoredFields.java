package io.shiftadd.inference.openai.request;

import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names of fields that a request has and this API does not, of which none would have changed the answer. */
public final class IgnoredFields {

    /** Tells a client what was not used; absent when everything was. */
    static final String HEADER = "X-ShiftAdd-Ignored-Fields";

    private static final Logger LOG = LoggerFactory.getLogger(IgnoredFields.class);
    private static final int MOST_NAMES = 20;

    private final Set<String> names = new LinkedHashSet<>();

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
