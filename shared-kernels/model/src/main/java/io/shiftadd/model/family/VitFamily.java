package io.shiftadd.model.family;

import java.util.List;

/**
 * ViT: an image's patches as tokens behind a class token, learned positions, norms first, attention of all to all. Its
 * tensors have other names since version 5 of the reference.
 */
final class VitFamily implements FamilyDefinition {

    @Override
    public Modality modality() {
        return Modality.IMAGE;
    }

    @Override
    public List<String> modelTypes() {
        return List.of("vit");
    }

    @Override
    public List<String> classes() {
        return List.of("ViTForImageClassification");
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
    public FamilySettings read(ConfigKeys keys) {
        boolean mean = keys.flag("use_mean_pooling", false);
        return VisionKeys.read(keys, false, mean ? VisionSettings.Pooling.PATCHES : VisionSettings.Pooling.CLASS_TOKEN);
    }
}
