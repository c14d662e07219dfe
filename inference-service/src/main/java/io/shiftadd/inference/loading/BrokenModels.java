package io.shiftadd.inference.loading;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Models that were served and cannot be until they are loaded again. Thread-safe. */
public final class BrokenModels {

    private final Map<String, Broken> byDigest = new ConcurrentHashMap<>();

    /** A model that was served, and why it is not any more. */
    record Broken(RegisteredModel model, String reason) {}

    void add(RegisteredModel model, String reason) {
        byDigest.put(model.digest(), new Broken(model, reason));
    }

    /** It is served again, or need not be any more. */
    void remove(RegisteredModel model) {
        byDigest.remove(model.digest());
    }

    List<Broken> all() {
        return List.copyOf(byDigest.values());
    }

    /** Why each cannot be served, by their names. */
    public Map<String, String> faults() {
        Map<String, String> faults = new TreeMap<>();
        all().forEach(one -> faults.put(one.model().name(), one.reason()));
        return faults;
    }
}
