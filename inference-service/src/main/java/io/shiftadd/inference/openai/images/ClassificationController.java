package io.shiftadd.inference.openai.images;

import io.shiftadd.inference.loading.LoadedImageModel;
import io.shiftadd.inference.loading.ServedModels;
import io.shiftadd.inference.openai.answer.Answers;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.images.ClassificationResponse.ClassScore;
import io.shiftadd.inference.openai.request.Fields;
import io.shiftadd.inference.openai.request.IgnoredFields;
import io.shiftadd.inference.openai.request.KnownFields;
import io.shiftadd.inference.openai.request.RequestJson;
import io.shiftadd.inference.openai.request.RequestMemory;
import io.shiftadd.model.vision.ImageDecoder;
import io.shiftadd.model.vision.ImageLimits;
import io.shiftadd.model.vision.UnreadableImageException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Images", description = "What images show")
class ClassificationController {

    private static final Set<String> KNOWN = KnownFields.of(ClassificationBody.class);

    private final ServedModels models;
    private final RequestJson requests;
    private final Answers answers;

    private final RequestMemory memory;
    private final ImageThreads threads;

    ClassificationController(
            ServedModels models, RequestJson requests, Answers answers, RequestMemory memory, ImageThreads threads) {
        this.models = models;
        this.requests = requests;
        this.answers = answers;
        this.memory = memory;
        this.threads = threads;
    }

    @PostMapping(path = "/v1/images/classifications")
    @Operation(
            operationId = "classifyImages",
            summary = "Name the classes of images",
            description =
                    "By a model of images. Images are resized and normalized as the model's preprocessor_config.json"
                            + " says; a file may have 8 MiB and 16 million pixels, which is checked before it is decoded.")
    @RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = ClassificationBody.class)),
                @Content(
                        mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                        schema = @Schema(implementation = ClassificationBody.Form.class))
            })
    @ApiResponse(
            responseCode = "200",
            description = "The likeliest classes of each image, in the order of the images",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = ClassificationResponse.class)))
    void classify(HttpServletRequest request, HttpServletResponse response) {
        ClassificationRequest asked;
        if (ClassificationForm.is(request)) {
            asked = ClassificationForm.read(request, memory.of(request));
        } else {
            IgnoredFields ignored = new IgnoredFields();
            asked = ClassificationRequest.read(new Fields(requests.read(request), "", KNOWN, ignored));
            ignored.report(response);
        }
        try (ServedModels.Lease lease = models.acquire(asked.model())) {
            LoadedImageModel model = lease.imageModel();
            try (LoadedImageModel.Place _ = model.enter()) {
                ClassificationResponse answer = threads.run(request, () -> {
                    float[] pixels = pixels(asked, model);
                    long start = System.nanoTime();
                    float[] logits = model.logits(pixels, asked.images().size());
                    double seconds = (System.nanoTime() - start) / 1e9;
                    return answer(asked, model.labels(), logits, lease.name(), seconds);
                });
                answers.whole(response).write(() -> answer);
            }
        }
    }

    private static float[] pixels(ClassificationRequest asked, LoadedImageModel model) {
        int values = model.preprocessor().values();
        float[] pixels = new float[Math.multiplyExact(asked.images().size(), values)];
        for (int i = 0; i < asked.images().size(); i++) {
            try {
                byte[] file = asked.images().get(i);
                model.preprocessor().apply(ImageDecoder.decode(file, ImageLimits.DEFAULT), pixels, i * values);
            } catch (UnreadableImageException e) {
                String where = "images[" + i + "]";
                throw ApiException.invalid(where, "invalid_image", "'" + where + "' " + e.getMessage());
            }
        }
        return pixels;
    }

    private static ClassificationResponse answer(
            ClassificationRequest asked, List<String> labels, float[] logits, String model, double seconds) {
        List<ClassificationResponse.Item> items = new ArrayList<>();
        int images = asked.images().size();
        for (int i = 0; i < images; i++) {
            items.add(new ClassificationResponse.Item(
                    "classification", i, classes(logits, i * labels.size(), labels, asked.topK())));
        }
        return new ClassificationResponse("list", items, model, new ClassificationResponse.Usage(images, seconds));
    }

    /** The likeliest first, of equals the one with the lower number. */
    private static List<ClassScore> classes(float[] logits, int from, List<String> labels, int topK) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < labels.size(); i++) {
            greatest = Math.max(greatest, logits[from + i]);
        }
        double[] weights = new double[labels.size()];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.exp(logits[from + i] - greatest);
            sum += weights[i];
        }
        double total = sum;
        return IntStream.range(0, weights.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -logits[from + i]))
                .limit(topK)
                .map(i -> new ClassScore(labels.get(i), i, weights[i] / total))
                .toList();
    }
}
