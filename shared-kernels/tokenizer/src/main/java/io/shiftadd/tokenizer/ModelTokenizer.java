package io.shiftadd.tokenizer;

import io.shiftadd.tokenizer.encoding.AddedToken;
import io.shiftadd.tokenizer.encoding.TextEncoder;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

final class ModelTokenizer implements Tokenizer {

    private final TokenizerJson json;
    private final TextEncoder encoder;
    private final SpecialTokens special;
    private final Set<Integer> specialIds;
    private final @Nullable ChatTemplate chatTemplate;

    private ModelTokenizer(
            TokenizerJson json, TextEncoder encoder, SpecialTokens special, @Nullable ChatTemplate chatTemplate) {
        this.json = json;
        this.encoder = encoder;
        this.special = special;
        this.chatTemplate = chatTemplate;
        this.specialIds = json.addedTokens().stream()
                .filter(AddedToken::special)
                .map(AddedToken::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    static ModelTokenizer open(TokenizerSource source, ModelSettings settings) {
        TokenizerJson json = source.json();
        SpecialTokens special = SpecialTokens.of(settings, source);
        return new ModelTokenizer(json, json.encoder(), special, ChatTemplateSource.of(settings, special, json));
    }

    @Override
    public int vocabularySize() {
        return json.tokens().length;
    }

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        if (!addSpecialTokens || special.addsBos() == null && special.addsEos() == null) {
            return encoder.encode(text, addSpecialTokens);
        }
        int[] plain = encoder.encode(text, false);
        boolean bos = Boolean.TRUE.equals(special.addsBos()) && special.bos().isPresent();
        boolean eos =
                Boolean.TRUE.equals(special.addsEos()) && special.mainEos().isPresent();
        int[] ids = new int[(bos ? 1 : 0) + plain.length + (eos ? 1 : 0)];
        System.arraycopy(plain, 0, ids, bos ? 1 : 0, plain.length);
        if (bos) {
            ids[0] = special.bos().getAsInt();
        }
        if (eos) {
            ids[ids.length - 1] = special.mainEos().getAsInt();
        }
        return ids;
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        DecoderRun run = json.decoder().whole();
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            String token = token(id);
            if (!token.isEmpty() && !(skipSpecialTokens && isSpecial(id))) {
                run.push(token);
                text.append(run.takeSettled()).append(run.take());
            }
        }
        run.finish();
        return text.append(run.take()).toString();
    }

    @Override
    public IncrementalDecoder incrementalDecoder(boolean skipSpecialTokens) {
        return new TokenDecoder(this, skipSpecialTokens, json.decoder().incremental());
    }

    @Override
    public byte[] tokenBytes(int id) {
        return json.decoder().bytes(token(id));
    }

    @Override
    public String token(int id) {
        if (id < 0 || id >= json.tokens().length) {
            throw new IllegalArgumentException(
                    "the token id " + id + " is outside the vocabulary of " + json.tokens().length);
        }
        return json.tokens()[id];
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
