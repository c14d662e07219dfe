package io.shiftadd.inference.openai;

import io.shiftadd.inference.generation.ScoredToken;
import io.shiftadd.tokenizer.IncrementalDecoder;
import io.shiftadd.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the parallel arrays of one choice, all at once or a chunk at a time. */
final class CompletionLogprobs {

    private final TokenTexts texts;
    private final IncrementalDecoder decoder;
    private final boolean top;
    private int offset;

    /**
     * @param prompt stands before the choice
     * @param echo whether the prompt's tokens are part of the choice; otherwise offsets begin after it
     * @param top whether the most probable tokens were asked for
     */
    CompletionLogprobs(Tokenizer tokenizer, int[] prompt, boolean echo, boolean top) {
        this.texts = new TokenTexts(tokenizer);
        this.decoder = tokenizer.incrementalDecoder();
        this.top = top;
        if (!echo) {
            for (int id : prompt) {
                decoder.push(id);
            }
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
            offsets.add(offset);
            String text = decoder.push(token.id());
            offset += text.codePointCount(0, text.length());
        }
        return new CompletionResponse.Logprobs(names, logprobs, top ? tops : null, offsets);
    }
}
