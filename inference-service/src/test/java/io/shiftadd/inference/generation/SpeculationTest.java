package io.shiftadd.inference.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Samples;
import io.shiftadd.inference.generation.GenerationEvent.Failed;
import io.shiftadd.inference.generation.GenerationEvent.Finished;
import io.shiftadd.inference.generation.sampling.SamplingSettings;
import io.shiftadd.inference.generation.sampling.TokenConstraint;
import io.shiftadd.inference.generation.warmup.MadeUpModel;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.family.Positions;
import io.shiftadd.model.layers.DenseLinear;
import io.shiftadd.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guessing tokens changes the time that an answer takes, and nothing of the answer. */
class SpeculationTest {

    private static final int CONTEXT = 200;

    private final AtomicInteger right = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();

    private final EngineObserver counter = new EngineObserver() {
        @Override
        public void guessed(int tokens, int accepted) {
            right.addAndGet(accepted);
            wrong.addAndGet(tokens - accepted);
        }
    };

    /** What a choice was, but for how much of its prompt had been computed before. */
    private record Choice(List<GenerationEvent> texts, List<Object> end) {}

    @ParameterizedTest
    @CsvSource({"llama-mini, FLOAT32, 40", "opt-mini, FLOAT16, 20", "made-up, FLOAT32, 30", "made-up, INT8, 10"})
    void answersAreTheSameToTheBitWithAndWithoutGuesses(String name, KvCache.Precision precision, int cases) {
        String files = name.equals("made-up") ? "llama-mini" : name;
        try (CausalLanguageModel model =
                        name.equals("made-up") ? MadeUpModel.create() : CausalLanguageModel.open(Samples.model(name));
                Tokenizer tokenizer = Tokenizer.open(Samples.model(files));
                ComputeTurns turns = new ComputeTurns(2)) {
            EngineModel served = new EngineModel(name, model, tokenizer, precision);
            try (GenerationEngine without = engine(served, Speculation.OFF, turns);
                    GenerationEngine always = engine(served, Speculation.ALWAYS, turns);
                    GenerationEngine adaptive = engine(served, Speculation.AUTO, turns)) {
                for (int i = 0; i < cases; i++) {
                    GenerationRequest request = request(new Random(i), served.choosableTokens());
                    List<Choice> expected = answers(without, request);
                    assertThat(answers(always, request)).as("case %s", i).isEqualTo(expected);
                    assertThat(answers(adaptive, request)).as("case %s", i).isEqualTo(expected);
                    GenerationRequest onward = goingOn(request, expected, served.choosableTokens());
                    assertThat(answers(always, onward))
                            .as("case %s, going on from a guess", i)
                            .isEqualTo(answers(without, onward));
                }
            }
        }
        assertThat(right).hasValueGreaterThan(100);
        assertThat(wrong).hasValueGreaterThan(100);
    }

    private GenerationEngine engine(EngineModel model, Speculation speculation, ComputeTurns turns) {
        return new GenerationEngine(
                model,
                // Prompts in parts that come out the same, however long they are.
                new EngineSettings(2, 64, DenseLinear.FEW, 256, speculation, Duration.ofSeconds(30)),
                new CacheMemory(256 << 20),
                turns,
                counter);
    }

    /** Text that repeats itself with changes, to go on by whatever settings. */
    private static GenerationRequest request(Random random, int vocabulary) {
        int[] phrase = random.ints(4 + random.nextInt(12), 5, vocabulary).toArray();
        int[] prompt = new int[20 + random.nextInt(60)];
        for (int i = 0; i < prompt.length; i++) {
            prompt[i] = random.nextInt(12) == 0 ? 5 + random.nextInt(vocabulary - 5) : phrase[i % phrase.length];
        }
        boolean greedy = random.nextBoolean();
        SamplingSettings sampling = new SamplingSettings(
                greedy ? 0 : random.nextDouble(0.05, 1.2),
                random.nextBoolean() ? 1 : 0.8,
                random.nextBoolean() ? 0 : 20,
                random.nextInt(3) == 0 ? 0.05 : 0,
                random.nextInt(3) == 0 ? 1.2 : 1,
                random.nextInt(3) == 0 ? 0.5 : 0,
                random.nextInt(3) == 0 ? -0.4 : 0,
                random.nextInt(3) == 0 ? Map.of(phrase[0], 4f) : Map.of());
        int most = 1 + random.nextInt(80);
        boolean constrained = random.nextInt(4) == 0;
        return new GenerationRequest(
                prompt,
                1 + random.nextInt(4) / 3,
                most,
                sampling,
                random.nextLong(),
                random.nextInt(3) == 0 ? List.of("e t", "zz") : List.of(),
                random.nextInt(3) == 0 ? List.of(phrase[1]) : List.of(2),
                random.nextInt(4) - 1,
                random.nextInt(6) == 0,
                random.nextInt(6) == 0,
                Set.of(),
                constrained ? rule(phrase, vocabulary) : null);
    }

    /** Which tokens may come depends on how many have come, and on the last one. */
    private static Supplier<TokenConstraint> rule(int[] phrase, int vocabulary) {
        return () -> new TokenConstraint() {
            private int count;
            private int last;

            @Override
            public BitSet allowed(int remaining) {
                BitSet allowed = new BitSet();
                for (int i = 5; i < vocabulary; i++) {
                    allowed.set(i, (i + count + last) % 3 != 0);
                }
                Arrays.stream(phrase).forEach(allowed::set);
                return allowed;
            }

            @Override
            public void accept(int token) {
                count++;
                last = token;
            }

            @Override
            public boolean mayEnd() {
                return count % 4 == 3;
            }

            @Override
            public boolean mustEnd() {
                return count > 50;
            }
        };
    }

    /** The same with the answer as a part of the prompt, which the engine has computed, and guessed at, before. */
    private static GenerationRequest goingOn(GenerationRequest request, List<Choice> answers, int vocabulary) {
        List<Integer> tokens = new ArrayList<>();
        for (GenerationEvent event : answers.getFirst().texts()) {
            if (event instanceof GenerationEvent.Text text) {
                text.tokens().forEach(token -> tokens.add(token.id()));
            }
        }
        int[] prompt = Arrays.copyOf(request.prompt(), request.prompt().length + tokens.size() + 1);
        for (int i = 0; i < tokens.size(); i++) {
            prompt[request.prompt().length + i] = tokens.get(i);
        }
        prompt[prompt.length - 1] = vocabulary - 1;
        int[] cut = Arrays.copyOf(prompt, Math.min(prompt.length, CONTEXT));
        return new GenerationRequest(
                cut,
                1,
                Math.min(20, CONTEXT + 20 - cut.length),
                SamplingSettings.GREEDY,
                0,
                List.of(),
                List.of(),
                1,
                false,
                false,
                Set.of(),
                null);
    }

    private static List<Choice> answers(GenerationEngine engine, GenerationRequest request) {
        List<GenerationEvent> events;
        try (GenerationStream stream = engine.generate(List.of(request))) {
            events = EngineFixture.drain(stream, request.choices());
        }
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; i < request.choices(); i++) {
            List<GenerationEvent> texts = new ArrayList<>();
            List<Object> end = new ArrayList<>();
            for (GenerationEvent event : events) {
                if (event.choice() == i && event instanceof Finished finished) {
                    end.addAll(Arrays.asList(
                            finished.reason(), finished.end(), finished.stop(), finished.generatedTokens()));
                } else if (event.choice() == i && event instanceof Failed failed) {
                    end.add(failed.cause().getClass());
                } else if (event.choice() == i) {
                    texts.add(event);
                }
            }
            choices.add(new Choice(texts, end));
        }
        return choices;
    }

    @Test
    void whatALookUpFindsHasStoodThereLast() {
        Random random = new Random(0);
        for (int round = 0; round < 50; round++) {
            int[] text = random.ints(300, 0, 2 + random.nextInt(6)).toArray();
            // Large, so that no two share a place.
            PromptLookUp lookUp = new PromptLookUp(1 << 16);
            for (int length = 1; length <= text.length; length += 1 + random.nextInt(5)) {
                PromptLookUp.Place place = lookUp.find(i -> text[i], length);
                int last = lastPlace(text, length);
                assertThat(place.next()).isEqualTo(last);
                assertThat(place.length()).isEqualTo(last == 0 ? 0 : common(text, last, length));
            }
        }
    }

    private static int lastPlace(int[] text, int length) {
        for (int next = length - 1; next >= PromptLookUp.GRAM; next--) {
            if (common(text, next, length) >= PromptLookUp.GRAM) {
                return next;
            }
        }
        return 0;
    }

    private static int common(int[] text, int one, int other) {
        int common = 0;
        while (common < Math.min(one, PromptLookUp.LONGEST_MATCH)
                && text[one - 1 - common] == text[other - 1 - common]) {
            common++;
        }
        return common;
    }

    @Test
    void modelsWhoseAnglesDependOnTheLengthAreNotGuessedFor() {
        assertThat(rotary(new Positions.RopeScaling.None()).dependsOnLength()).isFalse();
        assertThat(rotary(new Positions.RopeScaling.Linear(2)).dependsOnLength())
                .isFalse();
        assertThat(rotary(new Positions.RopeScaling.DynamicNtk(2)).dependsOnLength())
                .isTrue();
        assertThat(rotary(new Positions.RopeScaling.Long(List.of(1.0), List.of(2.0), 1, 64))
                        .dependsOnLength())
                .isTrue();
    }

    private static Positions.Rotary rotary(Positions.RopeScaling scaling) {
        return new Positions.Rotary(2, List.of(Optional.empty(), Optional.of(new Positions.Rotation(1e4, scaling))));
    }

    @Test
    void aGuessThatReachesTheEndGoesRound() {
        int[] text = {1, 2, 3, 1, 2, 3};
        PromptLookUp.Place place = new PromptLookUp(20).find(i -> text[i], text.length);
        assertThat(PromptLookUp.following(place, i -> text[i], text.length, 7)).containsExactly(1, 2, 3, 1, 2, 3, 1);
    }

    /** Of a text of so many tokens, with guesses that are all wrong or all right. */
    private static double passes(int tokens, boolean rightGuesses, PassCosts costs) {
        int[] text = new int[2 * tokens + 40];
        Arrays.setAll(text, i -> i % 4);
        Speculator speculator = new Speculator(text.length, costs, false);
        double passes = 0;
        int length = 30;
        int end = length + tokens;
        while (length < end) {
            int guessed = speculator.guess(i -> text[i], length, end - length - 1).length;
            passes += costs.of(1 + guessed);
            length += 1 + (rightGuesses ? guessed : 0);
            speculator.passed(length, Math.round(1e6 * costs.of(1 + guessed)));
        }
        return passes;
    }

    @Test
    void wrongGuessesCostLessThanThreeInAHundred() {
        for (int tokens : new int[] {64, 128, 1_000}) {
            assertThat(passes(tokens, false, new PassCosts())).isBetween(1.0 * tokens, 1.03 * tokens);
        }
    }

    @Test
    void rightGuessesMakeThreeTokensAPassSoon() {
        assertThat(passes(128, true, new PassCosts())).isLessThan(128 / 2.0);
        assertThat(passes(1_000, true, new PassCosts())).isLessThan(1_000 / 2.5);
    }

    @Test
    void costsOfPassesAreLearned() {
        PassCosts costs = new PassCosts();
        for (int i = 0; i < 100; i++) {
            costs.observe(1, i == 50 ? 1_000_000 : 1_000);
            costs.observe(5, 1_400);
        }
        assertThat(costs.of(1)).isEqualTo(1);
        assertThat(costs.of(5)).isBetween(1.3, 1.5);
    }
}
