package io.shiftadd.inference.fuzz;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.TensorView;
import io.shiftadd.inference.grammar.JsonGrammar;
import io.shiftadd.inference.grammar.VocabularyTrie;
import io.shiftadd.inference.grammar.schema.SchemaCompiler;
import io.shiftadd.inference.grammar.schema.SchemaException;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.vision.ImageDecoder;
import io.shiftadd.model.vision.ImageLimits;
import io.shiftadd.model.vision.UnreadableImageException;
import io.shiftadd.tokenizer.Tokenizer;
import io.shiftadd.tokenizer.encoding.TokenizationException;
import io.shiftadd.tokenizer.jinja.JinjaException;
import io.shiftadd.tokenizer.jinja.JinjaTemplate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What reads bytes of strangers: anything is read, or refused in the reader's own words. */
enum FuzzTarget {
    SAFETENSORS {
        @Override
        void read(byte[] bytes) throws IOException {
            openAll(write("model.safetensors", bytes));
        }
    },
    GGUF {
        @Override
        void read(byte[] bytes) throws IOException {
            Path file = write("model.gguf", bytes);
            refusing(() -> ModelConfig.read(file));
            refusing(() -> Tokenizer.open(file).close());
            openAll(file);
        }
    },
    PICKLE {
        @Override
        void read(byte[] bytes) throws IOException {
            openAll(write("pytorch_model.bin", bytes));
        }
    },
    TOKENIZER {
        @Override
        void read(byte[] bytes) throws IOException {
            Path file = write("tokenizer.json", bytes);
            refusing(() -> {
                try (Tokenizer tokenizer = Tokenizer.open(file.getParent())) {
                    tokenizer.decode(
                            tokenizer.encode("ab abc <s>b é🙂 1 11\n aaaaaaaaaaaaaaaaaaaaaaaaaa", true), false);
                } catch (TokenizationException e) {
                    requireSaid(e);
                }
            });
        }
    },
    TEMPLATE {
        @Override
        void read(byte[] bytes) {
            try {
                new JinjaTemplate(new String(bytes, StandardCharsets.UTF_8))
                        .render(Map.of(
                                "messages",
                                List.of(
                                        Map.of("role", "user", "content", "a b"),
                                        Map.of("role", "assistant", "content", "c")),
                                "add_generation_prompt",
                                true,
                                "bos_token",
                                "<s>"));
            } catch (JinjaException e) {
                requireSaid(e);
            }
        }
    },
    IMAGE {
        @Override
        void read(byte[] bytes) {
            try {
                ImageDecoder.decode(bytes, SMALL_IMAGES);
            } catch (UnreadableImageException e) {
                requireSaid(e);
            }
        }
    },
    SCHEMA {
        @Override
        void read(byte[] bytes) {
            try {
                JsonNode schema = JsonMapper.shared().readTree(bytes);
                if (schema.isMissingNode()) {
                    return;
                }
                JsonGrammar grammar = new JsonGrammar(SchemaCompiler.compile(schema), LETTERS);
                grammar.shortestTokens()
                        .filter(shortest -> shortest <= MOST_TOKENS)
                        .ifPresent(shortest -> grammar.constraint(MOST_TOKENS));
            } catch (JacksonException e) {
                // No JSON, which requests are told before this.
            } catch (SchemaException e) {
                requireSaid(e);
            }
        }
    };

    private static final VocabularyTrie LETTERS = new VocabularyTrie(
            IntStream.range(0, 128).mapToObj(c -> new byte[] {(byte) c}).toArray(byte[][]::new));

    /** What a request may generate; one that allows too few is told before. */
    private static final int MOST_TOKENS = 20;

    private static final ImageLimits SMALL_IMAGES = new ImageLimits(1 << 20, 1 << 14);

    private static final Path DIRECTORY = directory();

    /** @throws RuntimeException any that is not a refusal */
    abstract void read(byte[] bytes) throws IOException;

    /** How Jazzer calls it. */
    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        valueOf(System.getProperty("shiftadd.fuzz.target", "TOKENIZER")).read(bytes);
    }

    private static void openAll(Path file) {
        refusing(() -> {
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                for (String name : List.copyOf(checkpoint.names())) {
                    TensorView tensor = checkpoint.tensor(name);
                    tensor.toByteArray();
                }
            }
        });
    }

    private static void refusing(Runnable reading) {
        try {
            reading.run();
        } catch (FormatException e) {
            requireSaid(e);
        }
    }

    private static void requireSaid(RuntimeException refusal) {
        if (refusal.getMessage() == null || refusal.getMessage().isBlank()) {
            throw new AssertionError("refused without a word", refusal);
        }
    }

    /** Alone in its directory, so that nothing else of a model is found beside it. */
    private static Path write(String name, byte[] bytes) throws IOException {
        Path file = Files.createDirectories(DIRECTORY.resolve(name + ".d")).resolve(name);
        Files.deleteIfExists(file);
        return Files.write(file, bytes);
    }

    private static Path directory() {
        try {
            Path directory = Files.createTempDirectory("shiftadd-fuzz");
            directory.toFile().deleteOnExit();
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
