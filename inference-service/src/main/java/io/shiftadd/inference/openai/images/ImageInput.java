package io.shiftadd.inference.openai.images;

import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.Fields;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the images of a JSON body: the bytes of their files, nothing decoded yet. */
final class ImageInput {

    /** As many as a batch of embeddings or prompts: more keep others waiting. */
    static final int MAX_IMAGES = 64;

    private static final String EXPECTED =
            "an image as a data URL or base64, or an array of 1 to " + MAX_IMAGES + " of them";
    private static final String SCHEME = "data:";
    private static final String CODING = ";base64";

    private ImageInput() {}

    static List<byte[]> read(Fields fields) {
        JsonNode value = fields.get("images");
        if (value != null && value.isString()) {
            return List.of(bytes(value.stringValue(), "images"));
        }
        if (value == null || !value.isArray() || value.isEmpty()) {
            throw fields.wrong("images", EXPECTED);
        }
        requireCount(value.size());
        List<byte[]> images = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            String where = "images[" + i + "]";
            String text = text(value.get(i));
            if (text == null) {
                throw ApiException.invalid(
                        where,
                        "'" + where + "' is " + Fields.shortened(value.get(i))
                                + "; it must be an image as a data URL or base64");
            }
            images.add(bytes(text, where));
        }
        return images;
    }

    static void requireCount(int images) {
        if (images > MAX_IMAGES) {
            throw ApiException.invalid(
                    "images",
                    "'images' has " + images + " images; a request may have " + MAX_IMAGES
                            + ". Send the others in another one");
        }
    }

    /** The image itself, or as content parts of chats have it: {@code {"image_url": {"url": …}}}. */
    private static @Nullable String text(JsonNode image) {
        if (image.isString()) {
            return image.stringValue();
        }
        JsonNode url = image.path("image_url");
        JsonNode inner = url.isObject() ? url.path("url") : url;
        return inner.isString() ? inner.stringValue() : null;
    }

    private static byte[] bytes(String text, String where) {
        String scheme = text.substring(0, Math.min(text.length(), 8)).toLowerCase(Locale.ROOT);
        if (scheme.startsWith("http:") || scheme.startsWith("https:") || scheme.startsWith("file:")) {
            throw ApiException.invalid(
                    where,
                    "'" + where + "' is an address; this server fetches nothing, send the image itself as a data URL");
        }
        String base64 = text;
        if (scheme.startsWith(SCHEME)) {
            int comma = text.indexOf(',');
            String head = text.substring(0, Math.max(0, comma)).toLowerCase(Locale.ROOT);
            if (!head.endsWith(CODING)) {
                throw ApiException.invalid(
                        where, "'" + where + "' is a data URL without base64; write data:image/png;base64,…");
            }
            base64 = text.substring(comma + 1);
        }
        try {
            String plain = base64.replaceAll("\\s", "").replace('-', '+').replace('_', '/');
            return Base64.getDecoder().decode(plain);
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid(
                    where, "'" + where + "' is no base64; send the bytes of the image's file so coded");
        }
    }
}
