package io.shiftadd.model.family;

import java.util.List;

/**
 * What an image model sees, and what it says: images of one size, cut into patches, and a class for each.
 *
 * @param height of an image in pixels
 * @param patchHeight of a patch; what is left of an image below the last whole patch is not seen, as right of it
 * @param channels values of a pixel: 3, or 1 of a grey image
 * @param distilled whether a token of distillation follows the class token (DeiT)
 * @param pooling what the head sees
 * @param binary whether attention is linear, over binary codes of queries and keys (ShiftAddViT)
 * @param shiftExperts whether a token goes through the dense feed-forward or through one of powers of two, as a router
 *     says (ShiftAddViT)
 * @param labels names of the classes
 */
public record VisionSettings(
        int height,
        int width,
        int patchHeight,
        int patchWidth,
        int channels,
        boolean distilled,
        Pooling pooling,
        boolean binary,
        boolean shiftExperts,
        List<String> labels) {

    /** What the head sees of the last hidden state, normed. */
    public enum Pooling {
        CLASS_TOKEN,
        /** The mean of all patches. */
        PATCHES,
        /** Class token and distillation token, one after the other: two heads, of whose logits the mean counts. */
        BOTH_TOKENS
    }

    public VisionSettings {
        labels = List.copyOf(labels);
    }

    /** Patches of an image. */
    public int patches() {
        return (height / patchHeight) * (width / patchWidth);
    }

    /** Values of a patch. */
    public int patchValues() {
        return channels * patchHeight * patchWidth;
    }

    /** Tokens before the patches. */
    public int leadingTokens() {
        return distilled ? 2 : 1;
    }

    /** Tokens of an image. */
    public int tokens() {
        return leadingTokens() + patches();
    }

    /** Values of an image. */
    public int pixelValues() {
        return channels * height * width;
    }
}
