package io.shiftadd.inference.openai.request;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fields that a documented body has, so that the document and what is read cannot differ. */
public final class KnownFields {

    private KnownFields() {}

    public static Set<String> of(Class<? extends Record> body) {
        return Arrays.stream(body.getRecordComponents())
                .flatMap(KnownFields::names)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** One name, or those of the fields that a body shares with others. */
    private static Stream<String> names(RecordComponent component) {
        return component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                ? of(component.getType().asSubclass(Record.class)).stream()
                : Stream.of(name(component));
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
