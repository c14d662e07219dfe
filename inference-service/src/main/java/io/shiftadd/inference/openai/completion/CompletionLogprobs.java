package io.shiftadd.inference.openai.completion;

import io.shiftadd.inference.generation.sampling.ScoredToken;
import io.shiftadd.inference.openai.answer.TokenTexts;
import io.shiftadd.inference.openai.request.PromptTokens;
import io.shiftadd.tokenizer.IncrementalDecoder;
import io.shiftadd.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the parallel arrays of one choice, all at once or a chunk at a time. Offsets count the characters of its text.
 */
final class CompletionLogprobs {

    private final TokenTexts texts;
    private final IncrementalDecoder decoder;
    private final int[] echoed;
    private final boolean top;
    private int seen;
    private int offset;

    /**
     * @param prompt stands before the choice
     * @param echo whether the prompt's tokens are part of the choice; otherwise offsets begin after it
     * @param top whether the most probable tokens were asked for
     */
    CompletionLogprobs(Tokenizer tokenizer, PromptTokens prompt, boolean echo, boolean top) {
        this.texts = new TokenTexts(tokenizer);
        this.decoder = tokenizer.incrementalDecoder();
        this.echoed = echo ? EchoOffsets.of(prompt, tokenizer) : new int[0];
        this.offset = echo ? characters(prompt.text()) : 0;
        this.top = top;
        for (int id : prompt.ids()) {
            decoder.push(id);
        }
        if (!echo) {
            decoder.cut();
        }
    }

    CompletionResponse.Logprobs of(List<ScoredToken> tokens) {
        List<String> names = new ArrayList<>();
        List<@Nullable Double> logprobs = new ArrayList<>();
        List<@Nullable Map<String, Double>> tops = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        for (ScoredToken token : tokens) {
            Double logProbability = token.logProbability();
            names.add(texts.text(token.id()));
            logprobs.add(logProbability == null ? null : TokenTexts.finite(logProbability));
            tops.add(logProbability == null ? null : texts.topByText(token, logProbability));
            offsets.add(seen < echoed.length ? echoed[seen] : advance(token.id()));
            seen++;
        }
        return new CompletionResponse.Logprobs(names, logprobs, top ? tops : null, offsets);
    }

    /** Where the token begins: after the text of those before, a character that it did not go on with included. */
    private int advance(int id) {
        String text = decoder.push(id);
        int start = offset + characters(text.substring(0, decoder.settled()));
        offset = start + characters(text.substring(decoder.settled()));
        return start;
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }
}
