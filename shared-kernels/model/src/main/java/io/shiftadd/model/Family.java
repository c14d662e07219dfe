package io.shiftadd.model;

import java.util.Locale;
import java.util.Optional;

/** The supported model families, named as in {@code model_type} of config.json. */
public enum Family {
    OPT,
    LLAMA,
    BLOOM,
    MISTRAL,
    GEMMA,
    GEMMA2,
    QWEN2;

    /** The value of {@code model_type}. */
    public String modelType() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Family> ofModelType(String modelType) {
        for (Family family : values()) {
            if (family.modelType().equals(modelType)) {
                return Optional.of(family);
            }
        }
        return Optional.empty();
    }

    /** From a class name such as {@code LlamaForCausalLM}; old checkpoints spell {@code LLaMAForCausalLM}. */
    static Optional<Family> ofArchitecture(String architecture) {
        String name = architecture.toLowerCase(Locale.ROOT);
        for (Family family : values()) {
            if (name.equals(family.modelType() + "forcausallm") || name.equals(family.modelType() + "model")) {
                return Optional.of(family);
            }
        }
        return Optional.empty();
    }
}
