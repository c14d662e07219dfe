package io.shiftadd.quantize.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.SharedFiles;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.ImageClassifier;
import io.shiftadd.model.vision.ImagePreprocessor;
import io.shiftadd.model.vision.ImageSet;
import io.shiftadd.quantize.calibration.ImageSample;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpertBalanceTest {

    private static final Path LAYOUTS =
            SharedFiles.repository().resolve("shared-kernels/model/src/test/resources/image-references");

    @TempDir
    private Path directory;

    private ImageSample noise(Path location, ImageClassifier model) throws IOException {
        Random random = new Random(3);
        Path folder = Files.createDirectories(directory.resolve("set/0"));
        for (int i = 0; i < 40; i++) {
            BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_INT_RGB);
            for (int pixel = 0; pixel < 144; pixel++) {
                image.setRGB(pixel % 12, pixel / 12, random.nextInt(1 << 24));
            }
            ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
        }
        ImagePreprocessor preprocessor = ImagePreprocessor.of(location, model.config());
        return ImageSample.of(ImageSet.open(directory.resolve("set")), preprocessor, 40, 0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.5, 0.77, 1})
    void aLeanGivesTheShareThatIsWanted(double wanted) {
        Random random = new Random(6);
        float[] margins = new float[1000];
        for (int i = 0; i < margins.length; i++) {
            margins[i] = (float) (3 + random.nextGaussian());
        }
        Arrays.sort(margins);
        assertThat(ExpertBalance.share(margins, ExpertBalance.lean(margins, wanted)))
                .isCloseTo(wanted, within(0.0015));
        assertThat(ExpertBalance.share(margins, 0)).isGreaterThan(0.99);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.8})
    void sharesFollowTheLatencies(double wanted) throws IOException {
        Path location = LAYOUTS.resolve("vit-shiftadd");
        try (ImageClassifier model = ImageClassifier.open(location);
                KernelContext context = KernelContext.create(2)) {
            double[] seconds = {wanted, 1 - wanted};
            ExpertBalance balance = ExpertBalance.of(model, _ -> seconds, noise(location, model), context, () -> {});
            assertThat(balance.leans()).hasSize(2);
            assertThat(balance.denseSeconds()).isCloseTo(wanted, within(1e-9));
            assertThat(balance.shiftSeconds()).isCloseTo(1 - wanted, within(1e-9));
            // one token in four hundred, and those whose margins are equal
            assertThat(balance.balanced()).isCloseTo(wanted, within(0.01));
        }
    }

    @Test
    void latenciesAreMeasuredWhereNobodyGivesThem() throws IOException {
        Path location = LAYOUTS.resolve("vit-shiftadd");
        try (ImageClassifier model = ImageClassifier.open(location);
                KernelContext context = KernelContext.create(2)) {
            ExpertBalance balance = ExpertBalance.of(model, noise(location, model), context, () -> {});
            assertThat(balance.denseSeconds()).isPositive();
            assertThat(balance.shiftSeconds()).isPositive();
            assertThat(balance.balanced()).isBetween(0.0, 1.0);
        }
    }

    /** Only who is chosen changes: with a lean that moves nobody the logits are the same bits. */
    @Test
    void aLeanMovesTokensAndNothingElse() {
        Path location = LAYOUTS.resolve("vit-shiftadd");
        try (ImageClassifier model = ImageClassifier.open(location);
                KernelContext context = KernelContext.create(1)) {
            float[] pixels = new float[model.vision().pixelValues()];
            Random random = new Random(2);
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) random.nextGaussian();
            }
            float[] plain = new float[5];
            float[] leaning = new float[5];
            model.logits(pixels, 1, plain, context);
            model.leaning(new float[] {1e-9f, -1e-9f}).logits(pixels, 1, leaning, context);
            assertThat(leaning).isEqualTo(plain);
            model.leaning(new float[] {1000, 1000}).logits(pixels, 1, leaning, context);
            assertThat(leaning).isNotEqualTo(plain);
        }
    }

    @Test
    void aModelWithoutTwoExpertsIsRefused() throws IOException {
        Path location = LAYOUTS.resolve("vit");
        try (ImageClassifier model = ImageClassifier.open(location);
                KernelContext context = KernelContext.create(1)) {
            ImageSample sample = noise(location, model);
            assertThatThrownBy(() -> ExpertBalance.of(model, sample, context, () -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no two experts");
        }
    }
}
