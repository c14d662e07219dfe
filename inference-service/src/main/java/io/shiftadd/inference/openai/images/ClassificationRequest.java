package io.shiftadd.inference.openai.images;

import io.shiftadd.inference.openai.request.Fields;
import java.util.List;

/**
 * What is asked for, everything checked that can be without the model.
 *
 * @param images bytes of their files
 * @param topK classes to name of each
 */
record ClassificationRequest(String model, List<byte[]> images, int topK) {

    static final int TOP_K = 5;
    static final int MAX_TOP_K = 1000;

    static ClassificationRequest read(Fields fields) {
        String model = fields.text("model", "the name of a model");
        List<byte[]> images = ImageInput.read(fields);
        return new ClassificationRequest(
                model, images, fields.count("top_k", 1, MAX_TOP_K).orElse(TOP_K));
    }
}
