package io.shiftadd.tokenizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** SentencePiece's BPE in its plainest form: merge the pair whose piece has the best score, the leftmost of equals. */
final class GreedyPieces {

    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<String, Float> scores = new HashMap<>();

    static GreedyPieces read(Path file) throws IOException {
        SentencePieceModel model = SentencePieceModel.parse(Files.readAllBytes(file), file.toString());
        GreedyPieces greedy = new GreedyPieces();
        for (int id = 0; id < model.pieces().size(); id++) {
            SentencePieceModel.Piece piece = model.pieces().get(id);
            greedy.ids.put(piece.text(), id);
            if (piece.isText()) {
                greedy.scores.put(piece.text(), piece.score());
            }
        }
        return greedy;
    }

    int[] encode(String text) {
        if (text.isEmpty()) {
            return new int[0];
        }
        List<String> symbols = new ArrayList<>();
        ("▁" + text.replace(' ', '▁')).codePoints().forEach(c -> symbols.add(Character.toString(c)));
        while (true) {
            int best = -1;
            float bestScore = Float.NEGATIVE_INFINITY;
            for (int i = 0; i + 1 < symbols.size(); i++) {
                Float score = scores.get(symbols.get(i) + symbols.get(i + 1));
                if (score != null && score > bestScore) {
                    best = i;
                    bestScore = score;
                }
            }
            if (best < 0) {
                break;
            }
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
        List<Integer> encoded = new ArrayList<>();
        for (String symbol : symbols) {
            if (scores.containsKey(symbol)) {
                encoded.add(ids.get(symbol));
            } else {
                for (byte b : symbol.getBytes(StandardCharsets.UTF_8)) {
                    encoded.add(ids.get("<0x%02X>".formatted(b)));
                }
            }
        }
        return encoded.stream().mapToInt(Integer::intValue).toArray();
    }
}
