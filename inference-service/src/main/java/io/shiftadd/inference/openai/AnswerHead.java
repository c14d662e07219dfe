package io.shiftadd.inference.openai;

import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.loading.ServedModels;
import io.shiftadd.kernel.species.KernelSpecies;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** What all chunks of an answer have in common. */
record AnswerHead(String id, long created, String model, String fingerprint) {

    private static final int FINGERPRINT_LENGTH = 12;

    static AnswerHead of(String idPrefix, ServedModels.Lease lease) {
        return new AnswerHead(
                idPrefix
                        + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()),
                Instant.now().getEpochSecond(),
                lease.name(),
                fingerprint(lease.model()));
    }

    private static String fingerprint(LoadedModel model) {
        String digest = model.registered().digest();
        return "fp_" + digest.substring(0, Math.min(FINGERPRINT_LENGTH, digest.length())) + "_"
                + KernelSpecies.active().label();
    }
}
