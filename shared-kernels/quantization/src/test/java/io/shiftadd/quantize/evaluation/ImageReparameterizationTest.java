package io.shiftadd.quantize.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.SharedFiles;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.model.ImageClassifier;
import io.shiftadd.model.vision.ImageLabels;
import io.shiftadd.model.vision.ImagePreprocessor;
import io.shiftadd.model.vision.ImageSet;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.calibration.ImageSample;
import io.shiftadd.quantize.reparameterization.BlockResult;
import io.shiftadd.quantize.reparameterization.LayerResult;
import io.shiftadd.quantize.reparameterization.Method;
import io.shiftadd.quantize.reparameterization.ModelReparameterizer;
import io.shiftadd.quantize.reparameterization.ProgressListener;
import io.shiftadd.quantize.reparameterization.ReparameterizationSettings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageReparameterizationTest {

    private static final Path LAYOUTS =
            SharedFiles.repository().resolve("shared-kernels/model/src/test/resources/image-references");

    @TempDir
    private Path directory;

    /** 24 images of noise, in classes named by number. */
    private ImageSet noise() throws IOException {
        Random random = new Random(11);
        for (int i = 0; i < 24; i++) {
            BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_INT_RGB);
            for (int pixel = 0; pixel < 144; pixel++) {
                image.setRGB(pixel % 12, pixel / 12, random.nextInt(1 << 24));
            }
            Path folder = Files.createDirectories(directory.resolve("set").resolve(Integer.toString(i % 4)));
            ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
        }
        return ImageSet.open(directory.resolve("set"));
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void everyMethodPacksAModelOfImages(Method method) throws IOException {
        Path location = LAYOUTS.resolve("deit-teacher");
        ImageSet set = noise();
        try (ImageClassifier model = ImageClassifier.open(location);
                KernelContext context = KernelContext.create(2)) {
            ImagePreprocessor preprocessor = ImagePreprocessor.of(location, model.config());
            ImageSample sample = ImageSample.of(set, preprocessor, 24, 0);
            ReparameterizationSettings settings = ReparameterizationSettings.of(method);
            ModelReparameterizer reparameterizer = new ModelReparameterizer(model, settings, context);
            CalibrationSet calibration = CalibrationSet.create(directory.resolve("c"), model, sample, context);
            Map<String, Integer> bits = reparameterizer
                    .bits(3.5, () -> CalibrationSet.create(directory.resolve("p"), model, sample, context))
                    .bits();
            assertThat(bits).hasSize(12);
            List<BlockResult> blocks = reparameterizer.run(calibration, bits, ProgressListener.NONE);
            LayerResult head = reparameterizer.head(blocks, calibration, 4);
            ImageClassifier packed = model.with(BlockResult.served(blocks)).withHead(head.served());
            int[] classes = ImageLabels.match(set.classes(), model.vision().labels(), "set");
            ImageEvaluation evaluation =
                    ImageEvaluation.of(List.of(model, packed), sample, classes, context, (_, _) -> {});
            assertThat(evaluation.agreements().getFirst().value()).isEqualTo(1);
            assertThat(evaluation.agreements().get(1).value()).isGreaterThan(0.5);
            assertThat(evaluation.scores().getFirst().byClass()).hasSize(4);
            assertThat(evaluation.scores().getFirst().top5().value()).isEqualTo(1);
        }
    }

    /** The head sees images, not tokens, and keeps its bias. */
    @Test
    void theHeadKeepsItsBias() throws IOException {
        Path location = LAYOUTS.resolve("vit");
        try (ImageClassifier model = ImageClassifier.open(location);
                KernelContext context = KernelContext.create(2)) {
            ImageSample sample = ImageSample.of(noise(), ImagePreprocessor.of(location, model.config()), 24, 0);
            CalibrationSet calibration = CalibrationSet.create(directory.resolve("c"), model, sample, context);
            LayerResult head = new ModelReparameterizer(model, ReparameterizationSettings.of(Method.ACC), context)
                    .head(List.of(), calibration, 6);
            float[] zeros = new float[model.config().hiddenSize()];
            float[] logits = new float[model.config().vocabularySize()];
            head.served().forward(zeros, logits, 1, context);
            assertThat(logits).containsExactly(model.headBias(), within(1e-5f));
        }
    }

    @Test
    void threeBitsNameNearlyTheSameClassesAsTheTrainedModel() {
        Path location = SharedFiles.require("models/vit-mini");
        ImageSet calibration = ImageSet.open(SharedFiles.require("data/images/cifar10-train-1000.csv"));
        ImageSet evaluation = ImageSet.open(SharedFiles.require("data/images/cifar10-test.csv"));
        try (ImageClassifier model = ImageClassifier.open(location);
                KernelContext context = KernelContext.create(2)) {
            ImagePreprocessor preprocessor = ImagePreprocessor.of(location, model.config());
            ReparameterizationSettings settings = ReparameterizationSettings.of(Method.LAT);
            ModelReparameterizer reparameterizer = new ModelReparameterizer(model, settings, context);
            ImageSample images = ImageSample.of(calibration, preprocessor, 64, 0);
            List<BlockResult> blocks = reparameterizer.run(
                    CalibrationSet.create(directory.resolve("c"), model, images, context),
                    reparameterizer.bits(3, directory, new int[0][]).bits(),
                    ProgressListener.NONE);
            assertThat(blocks.getFirst().layers().getFirst().served()).isInstanceOf(PackedLinear.class);
            ImageClassifier packed = model.with(BlockResult.served(blocks));
            ImageEvaluation scores = ImageEvaluation.of(
                    List.of(model, packed),
                    ImageSample.of(evaluation, preprocessor, 500, 1),
                    ImageLabels.match(evaluation.classes(), model.vision().labels(), "set"),
                    context,
                    (_, _) -> {});
            assertThat(scores.scores().getFirst().top1().value()).isGreaterThan(0.85);
            assertThat(scores.agreements().get(1).value()).isGreaterThan(0.9);
        }
    }

    /** The dense expert, fitted to its own tokens, beside the shift expert, which stays as it is. */
    @Test
    void layersBesideShiftsArePacked() {
        Path location = SharedFiles.require("models/vit-mini-shiftadd");
        ImageSet images = ImageSet.open(SharedFiles.require("data/images/cifar10-train-1000.csv"));
        try (ImageClassifier model = ImageClassifier.open(location);
                KernelContext context = KernelContext.create(2)) {
            ImagePreprocessor preprocessor = ImagePreprocessor.of(location, model.config());
            ReparameterizationSettings settings = ReparameterizationSettings.of(Method.LAT);
            ModelReparameterizer reparameterizer = new ModelReparameterizer(model, settings, context);
            ImageSample sample = ImageSample.of(images, preprocessor, 32, 0);
            List<BlockResult> blocks = reparameterizer.run(
                    CalibrationSet.create(directory.resolve("c"), model, sample, context),
                    reparameterizer.bits(4, directory, new int[0][]).bits(),
                    ProgressListener.NONE);
            assertThat(blocks.getFirst().layers()).hasSize(6);
            ImageEvaluation scores = ImageEvaluation.of(
                    List.of(model, model.with(BlockResult.served(blocks))),
                    ImageSample.of(images, preprocessor, 200, 1),
                    ImageLabels.match(images.classes(), model.vision().labels(), "set"),
                    context,
                    (_, _) -> {});
            assertThat(scores.agreements().get(1).value()).isGreaterThan(0.75);
        }
    }
}
