package io.shiftadd.model.family;

import java.util.List;

/**
 * DeiT: a ViT with a second token ahead, which learned from a teacher. It may have a head of its own; then the mean of
 * both heads' logits counts.
 */
final class DeitFamily implements FamilyDefinition {

    private static final String WITH_TEACHER = "DeiTForImageClassificationWithTeacher";

    @Override
    public Modality modality() {
        return Modality.IMAGE;
    }

    @Override
    public List<String> modelTypes() {
        return List.of("deit");
    }

    @Override
    public List<String> classes() {
        return List.of("DeiTForImageClassification", WITH_TEACHER);
    }

    @Override
    public ModelNames names() {
        return VisionKeys.firstNames(VisionKeys.CLASSIFIER);
    }

    @Override
    public List<ModelNames> generations() {
        return List.of(names(), VisionKeys.laterNames(VisionKeys.CLASSIFIER));
    }

    @Override
    public List<String> heads() {
        return List.of(VisionKeys.CLASSIFIER, ModelNames.CLASS_HEAD, ModelNames.DISTILLATION_HEAD);
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        boolean taught = keys.texts("architectures").orElse(List.of()).contains(WITH_TEACHER);
        boolean mean = keys.flag("use_mean_pooling", false);
        if (taught && mean) {
            throw keys.wrong("use_mean_pooling", "false where class and distillation token have heads of their own");
        }
        VisionSettings.Pooling one = mean ? VisionSettings.Pooling.PATCHES : VisionSettings.Pooling.CLASS_TOKEN;
        return VisionKeys.read(keys, true, taught ? VisionSettings.Pooling.BOTH_TOKENS : one);
    }
}
