package io.shiftadd.registry.job;

import com.fasterxml.jackson.databind.JavaType;
import io.shiftadd.job.NumberSetting;
import io.shiftadd.job.Tuning;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Writes the limits and defaults of a job's numbers into the OpenAPI document, as the reader of requests holds them.
 */
@Component
class JobRequestLimits implements ModelConverter {

    /** Where a setting's object is described. */
    private static final Map<Class<?>, String> OBJECTS = Map.of(JobRequest.class, "", Tuning.class, "tune");

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        if (!chain.hasNext()) {
            return null;
        }
        Schema<?> schema = chain.next().resolve(type, context, chain);
        JavaType javaType = Json31.mapper().constructType(type.getType());
        String object = OBJECTS.get(javaType.getRawClass());
        if (object != null) {
            Schema<?> model =
                    context.getDefinedModels().get(javaType.getRawClass().getSimpleName());
            if (model != null && model.getProperties() != null) {
                describe(model, object);
            }
        }
        return schema;
    }

    @Override
    public boolean isOpenapi31() {
        return true;
    }

    private static void describe(Schema<?> model, String object) {
        for (NumberSetting setting : NumberSetting.values()) {
            if (!setting.object().equals(object)) {
                continue;
            }
            Schema<?> property = Objects.requireNonNull(model.getProperties().get(setting.leaf()), setting.field());
            property.setMinimum(setting.least());
            property.setMaximum(setting.most());
            if (setting.otherwise() != null) {
                property.setDefault(setting.otherwise());
            }
        }
    }
}
