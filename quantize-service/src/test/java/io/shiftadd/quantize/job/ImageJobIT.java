package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.SharedFiles;
import io.shiftadd.cost.ModelCost;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.model.ImageClassifier;
import io.shiftadd.model.vision.ImageSet;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on models of images: from the original to the published artifact, and evaluations side by side. */
class ImageJobIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Path LAYOUTS =
            SharedFiles.repository().resolve("shared-kernels/model/src/test/resources/image-references");

    @TempDir
    private static Path directory;

    private static Registry registry;
    private static Worker worker;

    @BeforeAll
    static void start() {
        registry = new Registry();
        worker = Worker.start(registry, directory.resolve("data"), Map.of());
    }

    @AfterAll
    static void stop() {
        worker.close();
        registry.close();
    }

    /** 32 images of noise in four classes, named by number. */
    private static Path noise(String name) throws IOException {
        Random random = new Random(name.hashCode());
        Path set = directory.resolve(name);
        for (int i = 0; i < 32; i++) {
            BufferedImage image = new BufferedImage(13, 12, BufferedImage.TYPE_INT_RGB);
            for (int pixel = 0; pixel < 13 * 12; pixel++) {
                image.setRGB(pixel % 13, pixel / 13, random.nextInt(1 << 24));
            }
            Path folder = Files.createDirectories(set.resolve(Integer.toString(i % 4)));
            ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
        }
        return set;
    }

    private static UUID addImages(String name, Path location) {
        ImageSet set = ImageSet.open(location);
        UUID id = UUID.randomUUID();
        registry.jdbc()
                .sql("""
                        insert into registry.image_set (id, name, location, images, classes, size_bytes, sha256)
                        values (:id, :name, :location, :images, '[]', :size, :sha)""")
                .param("id", id)
                .param("name", name)
                .param("location", location.toString())
                .param("images", set.size())
                .param("size", set.sizeBytes())
                .param("sha", set.digest(location, () -> {}))
                .update();
        return id;
    }

    private static Map<String, Object> settings(UUID calibration, UUID evaluation) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("method", "acc");
        settings.put("samples", 24);
        settings.put("sequenceLength", 0);
        settings.put("calibrationImages", calibration.toString());
        settings.put("evaluationImages", evaluation.toString());
        return settings;
    }

    private static Map<String, Double> metrics(UUID job) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        registry.jdbc()
                .sql("select name, value from registry.job_metric where job_id = :job")
                .param("job", job)
                .query((row, number) -> metrics.put(row.getString("name"), row.getDouble("value")))
                .list();
        return metrics;
    }

    @Test
    void aModelOfImagesIsPackedMeasuredAndPublished() throws IOException {
        UUID model = registry.addModel("deit", LAYOUTS.resolve("deit-teacher"));
        UUID calibration = addImages("calibration", noise("c"));
        UUID evaluation = addImages("evaluation", noise("e"));
        Map<String, Object> settings = settings(calibration, evaluation);
        settings.put("meanBits", 3.5);
        settings.put("headBits", 4);
        UUID job = registry.job(model).settings(settings).post("deit-acc");
        registry.awaitSuccess(job, LIMIT);
        assertThat(metrics(job))
                .containsKeys(
                        "accuracy_original",
                        "accuracy_reparameterized",
                        "top5_accuracy_original",
                        "top5_accuracy_reparameterized",
                        "top1_agreement",
                        "mean_bits",
                        "layer_bytes_packed")
                .doesNotContainKey("perplexity_original");
        assertThat(metrics(job).get("mean_bits")).isLessThanOrEqualTo(3.5);
        assertThat(metrics(job).get("top1_agreement")).isGreaterThan(0.5);

        Path artifact = Path.of(registry.resultColumn(job, "location", String.class));
        try (ImageClassifier published = ImageClassifier.open(artifact)) {
            assertThat(published.head()).isInstanceOf(PackedLinear.class);
            for (String name : published.block(1).linearNames()) {
                assertThat(published.block(1).linear(name)).isInstanceOf(PackedLinear.class);
            }
        }
        ModelCost cost = ModelCost.of(artifact);
        assertThat(cost.isPacked()).isTrue();
        assertThat(cost.layers()).hasSize(12);
        assertThat(cost.bytes().head()).isPositive();
        assertThat(cost.bytes().embeddings()).isPositive();

        UUID result = registry.column(job, "result_model_id", UUID.class);
        UUID measured = registry.job(result)
                .kind("EVALUATE")
                .baseline(model)
                .settings(Map.of("sequenceLength", 0, "evaluationImages", evaluation.toString()))
                .post(null);
        registry.awaitSuccess(measured, LIMIT);
        List<String> rows = registry.jdbc()
                .sql("select task || ' ' || metric || ' ' || examples from registry.job_task where job_id = :job"
                        + " and model_id = :model order by task, metric")
                .param("job", measured)
                .param("model", result)
                .query(String.class)
                .list();
        assertThat(rows)
                .containsExactlyInAnyOrder(
                        "images acc 32",
                        "images top1_agreement 32",
                        "images top5_acc 32",
                        "images_0 acc 8",
                        "images_1 acc 8",
                        "images_2 acc 8",
                        "images_3 acc 8");
        assertThat(registry.jdbc()
                        .sql("select count(*) from registry.job_task where job_id = :job and model_id = :model")
                        .param("job", measured)
                        .param("model", model)
                        .query(Integer.class)
                        .single())
                .isEqualTo(6);
    }

    /** The artifact's routers lean, and what that costs is measured. */
    @Test
    void routersOfTwoExpertsLeanByWhatTheExpertsTake() throws IOException {
        UUID model = registry.addModel("shiftadd", LAYOUTS.resolve("vit-shiftadd"));
        UUID images = addImages("routed", noise("r"));
        Map<String, Object> settings = settings(images, images);
        settings.put("bits", 4);
        settings.put("balanceExperts", true);
        UUID job = registry.job(model).settings(settings).post("shiftadd-acc");
        registry.awaitSuccess(job, LIMIT);
        Map<String, Double> metrics = metrics(job);
        assertThat(metrics)
                .containsKeys("accuracy_unbalanced", "accuracy_reparameterized", "expert_share_shift_trained");
        double dense = metrics.get("expert_microseconds_dense");
        double wanted = dense / (dense + metrics.get("expert_microseconds_shift"));
        assertThat(metrics.get("expert_share_shift")).isBetween(wanted - 0.1, wanted + 0.1);
        assertThat(metrics)
                .containsKeys("energy_picojoules_per_image_original", "energy_picojoules_per_image_reparameterized")
                .doesNotContainKey("energy_picojoules_per_token_original");
        Path artifact = Path.of(registry.resultColumn(job, "location", String.class));
        try (Checkpoint published = Checkpoint.open(artifact)) {
            assertThat(published.names())
                    .contains("vit.encoder.layer.0.router.lean", "vit.encoder.layer.1.router.lean");
        }
        UUID plain = registry.addModel("plain", LAYOUTS.resolve("vit"));
        UUID refused = registry.job(plain).settings(settings).post("plain-acc");
        registry.awaitEnd(refused, LIMIT);
        assertThat(registry.column(refused, "cause", String.class)).contains("has no two experts");
    }

    @Test
    void blocksThatSeeTheOriginalAreCalibratedOnImagesToo() throws IOException {
        UUID model = registry.addModel("vit", LAYOUTS.resolve("vit"));
        UUID images = addImages("both", noise("b"));
        Map<String, Object> settings = settings(images, images);
        settings.put("bits", 3);
        settings.put("calibration", "original");
        UUID job = registry.job(model).settings(settings).post("vit-acc");
        registry.awaitSuccess(job, LIMIT);
        assertThat(metrics(job).get("mean_bits")).isEqualTo(3);
    }

    @Test
    void aSetThatChangedOrNamesOtherClassesIsRefused() throws IOException {
        UUID model = registry.addModel("vit-2", LAYOUTS.resolve("vit"));
        Path changed = noise("changed");
        UUID images = addImages("changed", changed);
        Files.delete(changed.resolve("0/0.png"));
        Map<String, Object> settings = settings(images, images);
        settings.put("bits", 3);
        UUID job = registry.job(model).settings(settings).post("a");
        registry.awaitEnd(job, LIMIT);
        assertThat(registry.column(job, "cause", String.class)).contains("has changed since it was registered");

        Path others = noise("others");
        Files.move(others.resolve("0"), others.resolve("zebra"));
        UUID unknown = addImages("others", others);
        settings.putAll(settings(unknown, unknown));
        UUID second = registry.job(model).settings(settings).post("b");
        registry.awaitEnd(second, LIMIT);
        assertThat(registry.column(second, "cause", String.class)).contains("has a class '");
    }
}
