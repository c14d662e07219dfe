package io.shiftadd.inference.openai.images;

import io.shiftadd.http.Shown;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.RequestJson;
import io.shiftadd.inference.openai.request.RequestMemory;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a request that is a form in parts: {@code model}, {@code top_k}, and {@code image} for each image. */
final class ClassificationForm {

    private static final Set<String> IMAGE_PARTS = Set.of("image", "images", "image[]", "images[]", "file");
    private static final int MAX_FIELD_BYTES = 1024;

    private ClassificationForm() {}

    static boolean is(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.strip().toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
    }

    /** @param account of the request: the form is kept in memory as a whole */
    static ClassificationRequest read(HttpServletRequest request, RequestMemory.Account account) {
        if (request.getContentLengthLong() > RequestJson.MAX_IMAGE_BYTES) {
            throw RequestJson.tooLarge(RequestJson.MAX_IMAGE_BYTES);
        }
        account.takeBody(
                request.getContentLengthLong() < 0 ? RequestJson.MAX_IMAGE_BYTES : request.getContentLengthLong());
        String model = null;
        String topK = null;
        List<byte[]> images = new ArrayList<>();
        for (Part part : parts(request)) {
            if (part.getName().equals("model")) {
                model = text(part);
            } else if (part.getName().equals("top_k")) {
                topK = text(part);
            } else if (IMAGE_PARTS.contains(part.getName())) {
                images.add(bytes(part));
            } else if (!part.getName().equals("user")) {
                throw ApiException.invalid(
                        Shown.of(part.getName()),
                        "'" + Shown.of(part.getName())
                                + "' is not a part of this request; there are model, top_k and image");
            }
        }
        if (model == null) {
            throw ApiException.invalid("model", "'model' is missing; it must be the name of a model");
        }
        if (images.isEmpty()) {
            throw ApiException.invalid("image", "'image' is missing; it must be the file of an image");
        }
        ImageInput.requireCount(images.size());
        return new ClassificationRequest(model, images, topK(topK));
    }

    private static Collection<Part> parts(HttpServletRequest request) {
        try {
            return request.getParts();
        } catch (IllegalStateException e) {
            // The container's word for a form, or a part of it, beyond its limits.
            throw RequestJson.tooLarge(RequestJson.MAX_IMAGE_BYTES);
        } catch (IOException | ServletException e) {
            throw e instanceof ServletException
                    ? ApiException.invalid(null, "The request's body is no complete form in parts; send it again")
                    : RequestJson.incomplete(e);
        }
    }

    private static int topK(@Nullable String text) {
        if (text == null) {
            return ClassificationRequest.TOP_K;
        }
        if (!text.matches("[1-9]\\d{0,3}") || Integer.parseInt(text) > ClassificationRequest.MAX_TOP_K) {
            throw ApiException.invalid(
                    "top_k",
                    "'top_k' is " + Shown.of(text) + "; it must be a whole number from 1 to "
                            + ClassificationRequest.MAX_TOP_K);
        }
        return Integer.parseInt(text);
    }

    private static String text(Part part) {
        if (part.getSize() > MAX_FIELD_BYTES) {
            throw ApiException.invalid(
                    part.getName(), "'" + part.getName() + "' has more than " + MAX_FIELD_BYTES + " bytes");
        }
        return new String(bytes(part), StandardCharsets.UTF_8).strip();
    }

    private static byte[] bytes(Part part) {
        try (InputStream in = part.getInputStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw ApiException.invalid(null, "The request's body ends before it is complete; send it again");
        }
    }
}
