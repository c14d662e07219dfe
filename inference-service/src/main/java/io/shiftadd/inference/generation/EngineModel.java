package io.shiftadd.inference.generation;

import io.shiftadd.inference.prefix.ModelPrefixes;
import io.shiftadd.inference.prefix.PrefixDisk;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.family.Positions;
import io.shiftadd.tokenizer.Tokenizer;

/**
 * What an engine runs, and how it keeps keys and values.
 *
 * @param prefixes where they are kept when the engine has ended
 */
public record EngineModel(
        String name,
        CausalLanguageModel model,
        Tokenizer tokenizer,
        KvCache.Precision cachePrecision,
        ModelPrefixes prefixes) {

    /** Keys and values end with the engine. */
    public EngineModel(String name, CausalLanguageModel model, Tokenizer tokenizer, KvCache.Precision cachePrecision) {
        this(name, model, tokenizer, cachePrecision, PrefixDisk.off().of(name, cachePrecision));
    }

    public EngineModel with(ModelPrefixes kept) {
        return new EngineModel(name, model, tokenizer, cachePrecision, kept);
    }

    KvCache newCache(int capacity) {
        return model.newCache(capacity, cachePrecision);
    }

    /** Keys and values of one token in all blocks. */
    long cacheBytesPerToken() {
        return KvCache.bytesPerPosition(model.config(), cachePrecision);
    }

    int hiddenSize() {
        return model.config().hiddenSize();
    }

    int vocabularySize() {
        return model.config().vocabularySize();
    }

    /** Whether a token computes to the same bits whatever it is computed with, up to {@link Speculator#MOST} more. */
    boolean canBeGuessedFor() {
        return !(model.config().positions() instanceof Positions.Rotary rotary && rotary.dependsOnLength());
    }

    /** Ids that have text: a model's head is often padded beyond its tokenizer's vocabulary. */
    int choosableTokens() {
        return Math.min(vocabularySize(), tokenizer.vocabularySize());
    }
}
