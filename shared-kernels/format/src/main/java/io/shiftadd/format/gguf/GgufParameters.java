package io.shiftadd.format.gguf;

import io.shiftadd.format.FormatException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What a GGUF file says of its model; parameters are named without the architecture that stands before them. */
public final class GgufParameters {

    private final GgufFile file;
    private final String architecture;

    GgufParameters(GgufFile file, String architecture) {
        this.file = file;
        this.architecture = architecture;
    }

    public String architecture() {
        return architecture;
    }

    public boolean has(String name) {
        return file.gguf().keys().contains(key(name));
    }

    /** @throws FormatException if each layer has a value of its own, or it is no integer */
    public OptionalLong optional(String name) {
        if (file.gguf().isList(key(name))) {
            long[] values = file.gguf().integers(key(name));
            long first = values.length == 0 ? 0 : values[0];
            if (values.length > 0 && Arrays.stream(values).allMatch(value -> value == first)) {
                return OptionalLong.of(first);
            }
            throw unsupported("has '" + key(name) + "' as a list", "all layers must have the same");
        }
        return file.gguf().integer(key(name));
    }

    /** @throws FormatException if it is missing */
    public long required(String name) {
        return optional(name).orElseThrow(() -> lacks(name));
    }

    public OptionalDouble number(String name) {
        return file.gguf().number(key(name));
    }

    /** @throws FormatException if it is missing */
    public double requiredNumber(String name) {
        return number(name).orElseThrow(() -> lacks(name));
    }

    public Optional<Boolean> flag(String name) {
        return file.gguf().flag(key(name));
    }

    public Optional<String> text(String name) {
        return file.gguf().text(key(name));
    }

    /** A token's id by GGUF's name, e.g. {@code bos_token_id}. */
    public OptionalLong token(String name) {
        return file.gguf().integer("tokenizer.ggml." + name);
    }

    /** Whether there is a tensor of this name, which is GGUF's. */
    public boolean hasTensor(String name) {
        return file.listed().containsKey(name);
    }

    /** The shape of a tensor, outermost dimension first; empty if there is none of that name, which is GGUF's. */
    public Optional<long[]> shape(String name) {
        return Optional.ofNullable(file.listed().get(name))
                .map(tensor -> tensor.shape().clone());
    }

    /** The values of a tensor; empty if there is none of that name, which is GGUF's. */
    public Optional<float[]> values(String name) {
        return Optional.ofNullable(file.listed().get(name))
                .map(tensor -> GgufExpansion.of(tensor).toFloatArray());
    }

    private String key(String name) {
        return architecture + "." + name;
    }

    private FormatException lacks(String name) {
        return new FormatException(
                "lacks '" + key(name) + "'",
                file.path().toString(),
                "the architecture " + architecture + " needs it",
                GgufHeader.REMEDY);
    }

    /** The error of a model that cannot be expressed. */
    public FormatException unsupported(String what, String limit) {
        return new FormatException(
                what, file.path().toString(), limit, "Use the safetensors files of the model, or another model.");
    }
}
