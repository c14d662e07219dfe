package io.shiftadd.registry.access;

import io.shiftadd.registry.storage.FileDigest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * An API key as its owner holds it.
 *
 * <p>Only its SHA-256 is stored. That is enough here, and a slow, salted hash would add nothing: those defend
 * passwords, which people choose and others guess. A key is 256 random bits, which nobody guesses, however fast the
 * hash; and it is looked up by its hash at every request, which wants to be fast and needs the same hash each time.
 */
record Secret(String text) {

    static final String PREFIX = "sk-shiftadd-";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;
    private static final int SHOWN = 6;

    /** Keys that an operator chooses have to be as hard to guess as ours. */
    static final int MIN_CHOSEN_LENGTH = 32;

    static Secret random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new Secret(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    String sha256() {
        return FileDigest.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What may be shown to tell keys apart. */
    String prefix() {
        int length = text.startsWith(PREFIX) ? PREFIX.length() + SHOWN : SHOWN;
        return text.substring(0, Math.min(length, text.length()));
    }

    @Override
    public String toString() {
        return prefix() + "…";
    }
}
