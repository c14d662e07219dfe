package io.shiftadd.model.family;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The supported model families. One more is a {@link FamilyDefinition} and a line here. */
public enum Family {
    OPT(new OptFamily()),
    LLAMA(new LlamaFamily()),
    BLOOM(new BloomFamily()),
    MISTRAL(new MistralFamily()),
    GEMMA(new GemmaFamily()),
    GEMMA2(new Gemma2Family()),
    GEMMA3(new Gemma3Family()),
    QWEN2(new Qwen2Family()),
    QWEN3(new Qwen3Family()),
    PHI3(new Phi3Family()),
    GPT2(new Gpt2Family()),
    GPT_NEOX(new GptNeoxFamily()),
    SMOLLM3(new Smollm3Family()),
    GRANITE(new GraniteFamily()),
    OLMO2(new Olmo2Family()),
    BITNET(new BitnetFamily()),
    QWEN3_MOE(new Qwen3MoeFamily()),
    MIXTRAL(new MixtralFamily()),
    OLMOE(new OlmoeFamily()),
    VIT(new VitFamily()),
    DEIT(new DeitFamily());

    private final FamilyDefinition definition;

    Family(FamilyDefinition definition) {
        this.definition = definition;
    }

    public FamilyDefinition definition() {
        return definition;
    }

    /** The value of {@code model_type} in config.json. */
    public String modelType() {
        return definition.modelTypes().getFirst();
    }

    /** Whether this is a tensor of the original's head, which is absent where it is the embedding, or of one of two. */
    public boolean isHead(String tensor) {
        return definition.heads().stream().anyMatch(head -> tensor.startsWith(head + "."));
    }

    public Modality modality() {
        return definition.modality();
    }

    /** Whether this is the name of the embedding of tokens, with any prefix. */
    public boolean isEmbedding(String tensor) {
        String name = definition.names().embedding() + ".weight";
        return tensor.equals(name) || tensor.endsWith("." + name);
    }

    static Optional<Family> ofModelType(String modelType) {
        return Arrays.stream(values())
                .filter(family -> family.definition.modelTypes().contains(modelType))
                .findFirst();
    }

    /** From a class name such as {@code LlamaForCausalLM}; old checkpoints spell {@code LLaMAForCausalLM}. */
    static Optional<Family> ofArchitecture(String architecture) {
        String name = architecture.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(family -> family.definition.classes().stream()
                        .anyMatch(known ->
                                known.toLowerCase(Locale.ROOT).equals(name) || name.equals(bare(known) + "model")))
                .findFirst();
    }

    private static String bare(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        int end = lower.indexOf("for");
        return end < 0 ? lower : lower.substring(0, end);
    }
}
