package io.shiftadd.inference.loading;

import io.shiftadd.inference.generation.GenerationEngine;
import io.shiftadd.inference.grammar.VocabularyTrie;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.TokenGate;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.tokenizer.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A model in memory, with its tokenizer and the engine that runs it. Thread-safe. */
public final class LoadedModel implements ServedModel {

    private final RegisteredModel registered;
    private final ModelFiles files;
    private final CausalLanguageModel model;
    private final Tokenizer tokenizer;
    private final GenerationEngine engine;
    private final SamplingDefaults samplingDefaults;
    private final TokenGate gate;
    private final List<Integer> endIds;
    private final int longestTokenBytes;
    private final Map<Set<Integer>, VocabularyTrie> vocabularies = new ConcurrentHashMap<>();

    LoadedModel(
            RegisteredModel registered,
            ModelFiles files,
            CausalLanguageModel model,
            Tokenizer tokenizer,
            GenerationEngine engine) {
        this.registered = registered;
        this.files = files;
        this.model = model;
        this.tokenizer = tokenizer;
        this.engine = engine;
        this.samplingDefaults = SamplingDefaults.of(registered.path());
        this.gate = TokenGate.of(
                model.config(), id -> id >= 0 && id < tokenizer.vocabularySize() ? tokenizer.token(id) : "");
        TreeSet<Integer> ends = new TreeSet<>(tokenizer.eosIds());
        ends.addAll(model.config().eosTokens());
        ends.removeIf(id -> !gate.knows(id));
        this.endIds = List.copyOf(ends);
        this.longestTokenBytes = IntStream.range(0, tokenizer.vocabularySize())
                .map(id -> tokenizer.tokenBytes(id).length)
                .max()
                .orElse(1);
    }

    public RegisteredModel registered() {
        return registered;
    }

    public ModelConfig config() {
        return model.config();
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    public GenerationEngine engine() {
        return engine;
    }

    /** How it samples where a request says nothing. */
    public SamplingDefaults samplingDefaults() {
        return samplingDefaults;
    }

    /** Tokens that end a generated text. */
    public List<Integer> endIds() {
        return endIds;
    }

    /** What all ids pass on their way to the engine. */
    public TokenGate gate() {
        return gate;
    }

    /** Ids that a request may name: those that have both an embedding and a token. */
    public int promptVocabularySize() {
        return Math.min(model.config().vocabularySize(), tokenizer.vocabularySize());
    }

    /** No token stands for more bytes of text than this. */
    public int longestTokenBytes() {
        return Math.max(1, longestTokenBytes);
    }

    /** The bytes of all tokens but special ones as a tree; made at the first use, which takes some milliseconds. */
    public VocabularyTrie vocabulary() {
        return vocabulary(Set.of());
    }

    /** @param written special tokens that are text as well */
    public VocabularyTrie vocabulary(Set<Integer> written) {
        return vocabularies.computeIfAbsent(
                written,
                _ -> new VocabularyTrie(IntStream.range(0, promptVocabularySize())
                        .mapToObj(id -> tokenBytes(id, written))
                        .toArray(byte[][]::new)));
    }

    private byte[] tokenBytes(int id, Set<Integer> written) {
        return tokenizer.isSpecial(id) && !written.contains(id) ? new byte[0] : tokenizer.tokenBytes(id);
    }

    /** Its files are no longer those that were checked, or its engine has ended. */
    @Override
    public boolean isOutdated() {
        return engine.ending() != null || files.changed();
    }

    @Override
    public @Nullable String fault() {
        String rewritten = files.rewritten(registered.name());
        return rewritten == null ? engine.ending() : rewritten;
    }

    @Override
    public void stop(String reason) {
        engine.stop(reason);
    }

    @Override
    public void close() {
        if (files.changed()) {
            // What was computed since then is nothing that may be kept.
            engine.stop("the files of model '" + registered.name() + "' have changed");
        }
        engine.close();
        tokenizer.close();
        model.close();
    }
}
