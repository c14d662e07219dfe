package io.shiftadd.inference.openai.answer;

import io.shiftadd.inference.generation.sampling.ScoredToken;
import io.shiftadd.inference.generation.sampling.ScoredToken.Alternative;
import io.shiftadd.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How single tokens are written in log-probabilities. */
public final class TokenTexts {

    private final Tokenizer tokenizer;

    public TokenTexts(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** Its text; {@code bytes:\xe2\x82} when that is no whole character. */
    public String text(int id) {
        byte[] bytes = bytes(id);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            StringBuilder text = new StringBuilder("bytes:");
            for (byte b : bytes) {
                text.append(String.format(Locale.ROOT, "\\x%02x", b & 0xFF));
            }
            return text.toString();
        }
    }

    private byte[] bytes(int id) {
        return id < tokenizer.vocabularySize() ? tokenizer.tokenBytes(id) : new byte[0];
    }

    public List<Integer> byteValues(int id) {
        List<Integer> values = new ArrayList<>();
        for (byte b : bytes(id)) {
            values.add(b & 0xFF);
        }
        return values;
    }

    /** The most probable tokens and the token itself by text; tokens with the same text stay apart. */
    public Map<String, Double> topByText(ScoredToken token, double logProbability) {
        Map<String, Double> top = new LinkedHashMap<>();
        boolean hasToken = false;
        for (Alternative alternative : token.top()) {
            put(top, alternative.id(), alternative.logProbability());
            hasToken |= alternative.id() == token.id();
        }
        if (!hasToken) {
            put(top, token.id(), logProbability);
        }
        return top;
    }

    private void put(Map<String, Double> top, int id, double logProbability) {
        if (top.putIfAbsent(text(id), finite(logProbability)) != null) {
            top.put("token:" + id, finite(logProbability));
        }
    }

    /** JSON has no infinity; this is what OpenAI's API answers in its place. */
    public static double finite(double logProbability) {
        return Math.max(logProbability, -9999.0);
    }
}
