package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All that there is to know about a family of models: what its parts are called, and what its parameters mean. */
public interface FamilyDefinition {

    /** Values of {@code model_type} in config.json, the family's own first. */
    List<String> modelTypes();

    /** Names of its causal language model among {@code architectures} in config.json, as the reference spells them. */
    List<String> classes();

    /**
     * Whether its parameters may lie under {@code text_config}, because it is also a part of models that see or hear.
     */
    default boolean hasTextConfig() {
        return false;
    }

    /** Whether its linear layers have weights of −1, 0 and 1 and a scale. */
    default boolean isTernary() {
        return false;
    }

    /** Those of the keys that other families refuse, see {@link UnsupportedKeys}, which it reads or may pass over. */
    default Set<String> implementedKeys() {
        return Set.of();
    }

    /** What goes into its models. */
    default Modality modality() {
        return Modality.TEXT;
    }

    /** What its tensors are called. */
    ModelNames names();

    /** The same for each way in which versions of the reference have called them; a checkpoint keeps to one. */
    default List<ModelNames> generations() {
        return List.of(names());
    }

    /** What the layers to the logits are called, of which some models have two. */
    default List<String> heads() {
        return List.of(names().head());
    }

    /** Reads its parameters; missing ones have the defaults of the reference implementation. */
    FamilySettings read(ConfigKeys keys);

    /** How GGUF has it; empty where llama.cpp does not. */
    default List<GgufArchitecture> gguf() {
        return List.of();
    }

    /** The architecture of a GGUF file that is written of a model; empty where llama.cpp has none. */
    default Optional<GgufArchitecture> writtenAs() {
        return gguf().stream().findFirst();
    }
}
