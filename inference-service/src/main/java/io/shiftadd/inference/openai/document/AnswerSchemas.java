package io.shiftadd.inference.openai.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JavaType;
import io.shiftadd.inference.openai.error.ErrorBody;
import io.shiftadd.inference.openai.request.KnownFields;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Properties of the records that are answered: always present unless they are left out when null, and null only where
 * the code says {@code @Nullable}. Generators of clients rely on both. Bodies of requests say by themselves what they
 * require.
 */
@Component
class AnswerSchemas implements ModelConverter {

    @Override
    public @Nullable Schema<?> resolve(
            io.swagger.v3.core.converter.AnnotatedType type,
            ModelConverterContext context,
            Iterator<ModelConverter> chain) {
        if (!chain.hasNext()) {
            return null;
        }
        Schema<?> schema = chain.next().resolve(type, context, chain);
        JavaType javaType = Json31.mapper().constructType(type.getType());
        Class<?> raw = javaType.getRawClass();
        if (schema != null && raw.isRecord() && !isRequest(raw)) {
            Schema<?> model = schema.get$ref() == null
                    ? schema
                    : context.getDefinedModels().get(nameIn(schema.get$ref()));
            if (model != null) {
                describe(raw, model);
            }
        }
        return schema;
    }

    private static boolean isRequest(Class<?> type) {
        Class<?> outermost = type.getEnclosingClass() == null ? type : type.getEnclosingClass();
        return outermost.getSimpleName().endsWith("Body") && outermost != ErrorBody.class;
    }

    @Override
    public boolean isOpenapi31() {
        return true;
    }

    private static void describe(Class<?> type, Schema<?> model) {
        if (model.getProperties() == null) {
            return;
        }
        boolean wholeTypeLeavesOut = type.isAnnotationPresent(JsonInclude.class);
        Set<String> required = new TreeSet<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = KnownFields.name(component);
            Schema<?> property = model.getProperties().get(name);
            boolean leftOut = wholeTypeLeavesOut || component.getAccessor().isAnnotationPresent(JsonInclude.class);
            if (property == null) {
                continue;
            }
            if (!leftOut) {
                required.add(name);
            }
            if (isNullable(component.getAnnotatedType()) && !wholeTypeLeavesOut) {
                allowNull(property);
            }
            if (component.getAnnotatedType() instanceof AnnotatedParameterizedType list
                    && property.getItems() != null
                    && isNullable(list.getAnnotatedActualTypeArguments()[0])) {
                allowNull(property.getItems());
            }
        }
        model.setRequired(new ArrayList<>(required));
    }

    private static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    private static void allowNull(Schema<?> property) {
        if (property.get$ref() != null) {
            Schema<?> reference = new Schema<>().$ref(property.get$ref());
            property.set$ref(null);
            property.setTypes(null);
            property.setOneOf(List.of(reference, new Schema<>().types(Set.of("null"))));
        } else if (property.getTypes() != null) {
            property.addType("null");
            allowNullInEnum(property);
        }
    }

    private static <T> void allowNullInEnum(Schema<T> property) {
        if (property.getEnum() != null && !property.getEnum().contains(null)) {
            List<T> values = new ArrayList<>(property.getEnum());
            values.add(null);
            property.setEnum(values);
        }
    }

    private static String nameIn(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }
}
