package io.shiftadd.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.SharedFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerReferenceTest {

    private static Path model(String name) {
        return name.endsWith("-mini")
                ? SharedFiles.repository().resolve("samples").resolve(name)
                : SharedFiles.require("models/" + name);
    }

    private static List<ReferenceTexts> texts(String name) {
        return ReferenceTexts.read(
                name.endsWith("-mini")
                        ? SharedFiles.repository().resolve("samples/references/" + name + ".tokens.json")
                        : SharedFiles.require("references/trained/" + name + ".tokens.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"opt-mini", "llama-mini", "opt-10m", "llama-10m", "bloom-10m", "mistral-10m", "gemma-10m"})
    void encodesAndDecodesAsTheReference(String name) {
        try (Tokenizer tokenizer = Tokenizer.open(model(name))) {
            for (ReferenceTexts reference : texts(name)) {
                assertThat(tokenizer.encode(reference.text(), true))
                        .as(reference.text())
                        .containsExactly(reference.ids());
                assertThat(tokenizer.decode(reference.ids(), true)).isEqualTo(reference.decoded());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"opt-mini", "llama-mini"})
    void decodesAsTheReferenceEncoder(String name) throws IOException {
        String json = Files.readString(model(name).resolve("tokenizer.json"));
        Random random = new Random(6);
        try (Tokenizer tokenizer = Tokenizer.open(model(name));
                ReferenceEncoder reference = new ReferenceEncoder(json)) {
            for (int round = 0; round < 2_000; round++) {
                int bound = random.nextBoolean() ? 300 : tokenizer.vocabularySize();
                int[] ids = random.ints(random.nextInt(0, 20), 0, bound).toArray();
                boolean skip = random.nextBoolean();
                assertThat(tokenizer.decode(ids, skip)).isEqualTo(reference.decode(ids, skip));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"opt-mini", "llama-mini"})
    void tokenBytesSpellTheText(String name) {
        String text = "A café costs 3 €,\n🙂 日本語";
        try (Tokenizer tokenizer = Tokenizer.open(model(name))) {
            var bytes = new ByteArrayOutputStream();
            for (int id : tokenizer.encode(text, false)) {
                bytes.writeBytes(tokenizer.tokenBytes(id));
            }
            assertThat(bytes.toString(StandardCharsets.UTF_8).strip()).isEqualTo(text);
        }
    }

    @Test
    void knowsBosAndEos() {
        try (Tokenizer opt = Tokenizer.open(model("opt-mini"));
                Tokenizer llama = Tokenizer.open(model("llama-mini"))) {
            assertThat(opt.bosId()).hasValue(2);
            assertThat(opt.eosIds()).containsExactly(2);
            assertThat(llama.bosId()).hasValue(1);
            assertThat(llama.eosIds()).containsExactly(2);
            assertThat(llama.isSpecial(2)).isTrue();
            assertThat(llama.isSpecial(700)).isFalse();
            assertThat(llama.token(1)).isEqualTo("<s>");
            assertThat(llama.id("<s>")).hasValue(1);
        }
    }

    @Test
    void encodesInManyThreadsAtOnce() throws Exception {
        List<ReferenceTexts> texts = texts("llama-mini");
        try (Tokenizer tokenizer = Tokenizer.open(model("llama-mini"));
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            Callable<Void> work = () -> {
                for (int i = 0; i < 200; i++) {
                    ReferenceTexts reference = texts.get(i % texts.size());
                    assertThat(tokenizer.encode(reference.text(), true)).containsExactly(reference.ids());
                }
                return null;
            };
            for (Future<Void> done : threads.invokeAll(Collections.nCopies(8, work))) {
                done.get();
            }
        }
    }

    @Test
    void takesUnpairedSurrogatesAndNulForCharacters() {
        try (Tokenizer tokenizer = Tokenizer.open(model("opt-mini"))) {
            assertThat(tokenizer.decode(tokenizer.encode("a\uD83Db\0c", false), false))
                    .isEqualTo("a\uFFFDb\0c");
        }
    }
}
