package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Mixtral: Mistral with experts in all blocks. Its GGUF files have LLaMA's architecture. */
final class MixtralFamily implements FamilyDefinition {

    private static final DecoderKeys.Defaults DEFAULTS =
            new DecoderKeys.Defaults(32000, 4096, 14336, 32, 32, 8, 0, 4096 * 32, 1e-5, 1_000_000, false);

    @Override
    public List<String> modelTypes() {
        return List.of("mixtral");
    }

    @Override
    public List<String> classes() {
        return List.of("MixtralForCausalLM");
    }

    @Override
    public Set<String> implementedKeys() {
        return ExpertKeys.COUNTS;
    }

    @Override
    public ModelNames names() {
        return ModelNames.decoder(ExpertKeys.mixtralNames(BlockNames.decoder()));
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = DecoderKeys.read(keys, DEFAULTS);
        DecoderKeys.requireCausalAttention(keys);
        s.windows = Collections.nCopies(s.layers, DecoderKeys.slidingWindow(keys, 0));
        s.experts = ExpertKeys.read(keys, 8, 2, true, s.intermediateSize, s.layers, _ -> true);
        return s;
    }

    @Override
    public Optional<GgufArchitecture> writtenAs() {
        return new LlamaFamily().writtenAs();
    }
}
