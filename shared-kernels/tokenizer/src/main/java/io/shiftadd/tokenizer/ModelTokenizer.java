package io.shiftadd.tokenizer;

import io.shiftadd.tokenizer.TokenizerSource.Around;
import io.shiftadd.tokenizer.encoding.AddedToken;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

final class ModelTokenizer implements Tokenizer {

    private static final int[] NONE = {};

    private final TokenizerJson json;
    private final SpecialTokens special;
    private final int[] prefix;
    private final int[] suffix;
    private final Set<Integer> specialIds;
    private final @Nullable ChatTemplate chatTemplate;

    private ModelTokenizer(
            TokenizerJson json, SpecialTokens special, @Nullable Around around, @Nullable ChatTemplate chatTemplate) {
        this.json = json;
        this.special = special;
        this.chatTemplate = chatTemplate;
        this.prefix = around == null ? json.encoder().prefix() : one(around.bos(), special.bos());
        this.suffix = around == null ? json.encoder().suffix() : one(around.eos(), special.mainEos());
        this.specialIds = json.addedTokens().stream()
                .filter(AddedToken::special)
                .map(AddedToken::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    static ModelTokenizer open(TokenizerSource source, ModelSettings settings) {
        settings.requireKnown();
        TokenizerJson json = source.json();
        SpecialTokens special = SpecialTokens.of(settings, source);
        return new ModelTokenizer(json, special, source.around(), ChatTemplateSource.of(settings, special, json));
    }

    private static int[] one(boolean isAdded, OptionalInt id) {
        return isAdded && id.isPresent() ? new int[] {id.getAsInt()} : new int[0];
    }

    @Override
    public int vocabularySize() {
        return json.tokens().length;
    }

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        int[] ids = json.encoder().encode(text);
        return addSpecialTokens ? joined(prefix, ids, suffix) : ids;
    }

    @Override
    public int[] encodePrompt(String text) {
        return joined(prefix, json.encoder().encode(text), NONE);
    }

    private static int[] joined(int[] before, int[] ids, int[] after) {
        int[] all = Arrays.copyOf(before, Math.addExact(before.length + after.length, ids.length));
        System.arraycopy(ids, 0, all, before.length, ids.length);
        System.arraycopy(after, 0, all, before.length + ids.length, after.length);
        return all;
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        DecoderRun run = json.decoder().whole();
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            if (!token(id).isEmpty() && !(skipSpecialTokens && isSpecial(id))) {
                run.push(json.written()[id]);
                text.append(run.takeSettled()).append(run.take());
            }
        }
        run.finish();
        return text.append(run.take()).toString();
    }

    @Override
    public IncrementalDecoder incrementalDecoder(boolean skipSpecialTokens) {
        return new TokenDecoder(
                this, json.written(), skipSpecialTokens, json.decoder().incremental());
    }

    @Override
    public byte[] tokenBytes(int id) {
        requireKnown(id);
        return json.decoder().bytes(json.written()[id]);
    }

    @Override
    public String token(int id) {
        requireKnown(id);
        return json.tokens()[id];
    }

    private void requireKnown(int id) {
        if (id < 0 || id >= json.tokens().length) {
            throw new IllegalArgumentException(
                    "the token id " + id + " is outside the vocabulary of " + json.tokens().length);
        }
    }

    @Override
    public OptionalInt id(String token) {
        Integer id = json.ids().get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public boolean isSpecial(int id) {
        return specialIds.contains(id);
    }

    @Override
    public OptionalInt bosId() {
        return special.bos();
    }

    @Override
    public Set<Integer> eosIds() {
        return special.eos();
    }

    @Override
    public Optional<ChatTemplate> chatTemplate() {
        return Optional.ofNullable(chatTemplate);
    }

    /** Nothing is held that the garbage collector would not find. */
    @Override
    public void close() {}
}
