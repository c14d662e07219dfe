package io.shiftadd.inference.prefix;

import io.shiftadd.model.cache.KvCache;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Names of pages: SHA-256 over what makes their keys and values what they are, which is the model, how it is computed,
 * and all tokens up to the page's end.
 */
final class PageKeys {

    /** Another one whenever the same tokens may become other bits. */
    private static final String VERSION = "shiftadd pages 1";

    private final byte[] model;

    /** @param computedBy the model's digest and whatever else its bits depend on */
    PageKeys(List<String> computedBy) {
        MessageDigest digest = sha256();
        digest.update(VERSION.getBytes(StandardCharsets.UTF_8));
        for (String part : computedBy) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
            digest.update(bytes);
        }
        model = digest.digest();
    }

    /** The names of the full pages of the first tokens, in order. */
    List<String> of(int[] tokens, int count) {
        List<String> names = new ArrayList<>();
        byte[] before = model;
        ByteBuffer page = ByteBuffer.allocate(KvCache.PAGE * Integer.BYTES);
        for (int end = KvCache.PAGE; end <= count; end += KvCache.PAGE) {
            page.clear();
            page.asIntBuffer().put(tokens, end - KvCache.PAGE, KvCache.PAGE);
            MessageDigest digest = sha256();
            digest.update(before);
            digest.update(page);
            before = digest.digest();
            names.add(HexFormat.of().formatHex(before));
        }
        return names;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
