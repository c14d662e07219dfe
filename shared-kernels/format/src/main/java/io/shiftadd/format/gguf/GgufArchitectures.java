package io.shiftadd.format.gguf;

import java.util.List;

/** The architectures that are known: a service, provided by those who know families of models. */
public interface GgufArchitectures {

    List<GgufArchitecture> all();
}
