package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Mistral: LLaMA with a sliding window in all blocks. Its GGUF files have LLaMA's architecture. */
final class MistralFamily implements FamilyDefinition {

    private static final DecoderKeys.Defaults DEFAULTS =
            new DecoderKeys.Defaults(32000, 4096, 14336, 32, 32, 8, 0, 4096 * 32, 1e-6, 10_000, false);

    @Override
    public List<String> modelTypes() {
        return List.of("mistral");
    }

    @Override
    public List<String> classes() {
        return List.of("MistralForCausalLM");
    }

    @Override
    public ModelNames names() {
        return ModelNames.decoder(BlockNames.decoder());
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = DecoderKeys.read(keys, DEFAULTS);
        DecoderKeys.requireCausalAttention(keys);
        s.windows = Collections.nCopies(s.layers, DecoderKeys.slidingWindow(keys, 4096));
        return s;
    }

    @Override
    public Optional<GgufArchitecture> writtenAs() {
        return new LlamaFamily().writtenAs();
    }
}
