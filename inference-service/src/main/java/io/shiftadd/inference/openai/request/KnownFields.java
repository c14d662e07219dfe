package io.shiftadd.inference.openai.request;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The fields that a documented body has, so that the document and what is read cannot differ. */
public final class KnownFields {

    private KnownFields() {}

    public static Set<String> of(Class<? extends Record> body) {
        return Arrays.stream(body.getRecordComponents()).map(KnownFields::name).collect(Collectors.toUnmodifiableSet());
    }

    /** What a component is called in JSON. */
    public static String name(RecordComponent component) {
        JsonProperty property = component.getAnnotation(JsonProperty.class);
        if (property == null) {
            property = component.getAccessor().getAnnotation(JsonProperty.class);
        }
        return property == null ? component.getName() : property.value();
    }
}
