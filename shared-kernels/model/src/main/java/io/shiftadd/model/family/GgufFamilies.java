package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.format.gguf.GgufArchitectures;
import java.util.Arrays;
import java.util.List;

/** All families' architectures of GGUF. */
public final class GgufFamilies implements GgufArchitectures {

    private static final List<GgufArchitecture> ALL = Arrays.stream(Family.values())
            .flatMap(family -> family.definition().gguf().stream())
            .toList();

    @Override
    public List<GgufArchitecture> all() {
        return ALL;
    }
}
