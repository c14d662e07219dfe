package io.shiftadd.registry.dashboard;

import io.shiftadd.job.PackedHead;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the form that starts a job begins with. */
record JobForm(Map<String, String> settings, List<String> tasks) {

    /** What a duplicate has to give itself. */
    private static final List<String> OWN = List.of("name", "model", "modelName", "baselineName");

    static JobForm empty(String model, String kind, String baseline) {
        Map<String, String> settings = new TreeMap<>();
        Map.of("model", model, "kind", kind, "baseline", baseline).forEach((name, value) -> {
            if (!value.isBlank()) {
                settings.put(name, value);
            }
        });
        return new JobForm(settings, List.of());
    }

    /** As a job was started; models and texts by the names that they have. */
    static JobForm of(JobRow job, JsonMapper json, DashboardRows rows) {
        Map<String, String> settings = new TreeMap<>(values(json, job.settings()));
        OWN.forEach(settings::remove);
        settings.put("model", job.modelName() == null ? "" : job.modelName());
        JsonNode given = json.readTree(job.settings());
        given.path("baselineName").asStringOpt().ifPresent(name -> settings.put("baseline", name));
        for (String text : List.of("calibrationText", "evaluationText")) {
            given.path(text)
                    .asStringOpt()
                    .ifPresent(id -> settings.put(
                            text, rows.textName(UUID.fromString(id)).orElse("")));
        }
        if (settings.containsKey("evaluationImages")) {
            // that of an image, which a request does not name
            settings.remove("sequenceLength");
        }
        if ("reparameterize".equals(settings.get("kind"))) {
            // It says so where the head is packed; left out it might be packed the next time.
            settings.putIfAbsent("headBits", Integer.toString(PackedHead.NONE));
        }
        settings.put("priority", Integer.toString(job.priority()));
        return new JobForm(
                settings,
                given.path("tasks").valueStream().map(JsonNode::asString).toList());
    }

    /** All settings as texts, so that those that are new here show too; those within an object after a dot. */
    static Map<String, String> values(JsonMapper json, String settings) {
        Map<String, String> values = new TreeMap<>();
        for (Map.Entry<String, JsonNode> setting : json.readTree(settings).properties()) {
            JsonNode value = setting.getValue();
            if (value.isObject()) {
                value.properties()
                        .forEach(one -> values.put(
                                setting.getKey() + "." + one.getKey(),
                                one.getValue().asString()));
            } else {
                values.put(setting.getKey(), value.isValueNode() ? value.asString() : value.toString());
            }
        }
        return values;
    }

    /** Whether something is set that is folded away at first. */
    boolean advanced() {
        return settings.keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(List.of("samples", "sequencelength", "rounds", "terms")::contains);
    }
}
