package io.shiftadd.inference.conversation;

import io.shiftadd.inference.conversation.AnswerEvent.End;
import io.shiftadd.inference.conversation.AnswerEvent.Ended;
import io.shiftadd.inference.conversation.AnswerEvent.More;
import io.shiftadd.inference.generation.FinishReason;
import io.shiftadd.inference.generation.GenerationEngine;
import io.shiftadd.inference.generation.GenerationEvent;
import io.shiftadd.inference.generation.GenerationRequest;
import io.shiftadd.inference.generation.GenerationStream;
import io.shiftadd.inference.generation.sampling.ScoredToken;
import io.shiftadd.inference.openai.answer.EventLoop;
import io.shiftadd.inference.syntax.AnswerPart;
import io.shiftadd.inference.syntax.AnswerReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One conversation on its way to its answers. */
public final class Turn {

    private final GenerationEngine engine;
    private final GenerationRequest request;
    private final Set<String> stops;
    private final List<Choice> choices = new ArrayList<>();

    /** One answer as it is read. */
    private static final class Choice {
        private final AnswerReader reader;
        private final List<ScoredToken> untold = new ArrayList<>();
        private int reasoning;
        private boolean thinks;

        Choice(AnswerReader reader) {
            this.reader = reader;
            this.thinks = reader.isThinking();
        }

        /** A token counts as thought when the answer is in one before or after it. */
        void count(int generated) {
            boolean still = reader.isThinking();
            if (thinks || still) {
                reasoning = generated;
            }
            thinks = still;
        }

        List<ScoredToken> takeUntold() {
            List<ScoredToken> tokens = List.copyOf(untold);
            untold.clear();
            return tokens;
        }
    }

    /** @param stops texts that the client wants to end answers */
    Turn(GenerationEngine engine, GenerationRequest request, List<String> stops, Supplier<AnswerReader> readers) {
        this.engine = engine;
        this.request = request;
        this.stops = new HashSet<>(stops);
        for (int i = 0; i < request.choices(); i++) {
            choices.add(new Choice(readers.get()));
        }
    }

    public int promptTokens() {
        return request.prompt().length;
    }

    public int choices() {
        return choices.size();
    }

    /** Queues it; the stream is to be closed. */
    public GenerationStream start() {
        return engine.generate(List.of(request));
    }

    /**
     * Reads the answers to their end.
     *
     * @param out under way to the client
     * @throws RuntimeException as {@link EventLoop#run}
     */
    public void run(GenerationStream stream, EventLoop events, EventLoop.Answer out, Consumer<AnswerEvent> consumer) {
        events.run(stream, choices.size(), event -> read(event, consumer), out);
    }

    private void read(GenerationEvent event, Consumer<AnswerEvent> consumer) {
        Choice choice = choices.get(event.choice());
        if (event instanceof GenerationEvent.Text text) {
            choice.untold.addAll(text.tokens());
            List<AnswerPart> parts = choice.reader.push(text.text());
            choice.count(text.generated());
            tell(event.choice(), choice, parts, consumer);
        } else if (event instanceof GenerationEvent.Finished finished) {
            boolean thinks = choice.reader.isThinking();
            tell(event.choice(), choice, choice.reader.finish(), consumer);
            consumer.accept(new Ended(
                    event.choice(),
                    end(finished, choice),
                    choice.takeUntold(),
                    stops.contains(finished.stop()) ? finished.stop() : null,
                    finished.generatedTokens(),
                    thinks ? finished.generatedTokens() : choice.reasoning,
                    finished.cachedTokens()));
        }
    }

    private static void tell(int number, Choice choice, List<AnswerPart> parts, Consumer<AnswerEvent> consumer) {
        for (AnswerPart part : parts) {
            consumer.accept(new More(number, part, choice.takeUntold()));
        }
    }

    private static End end(GenerationEvent.Finished finished, Choice choice) {
        if (finished.reason() == FinishReason.LENGTH) {
            return End.LENGTH;
        }
        return choice.reader.hasCalls() ? End.CALLS : End.STOP;
    }
}
