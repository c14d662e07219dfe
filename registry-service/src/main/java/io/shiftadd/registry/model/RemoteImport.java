package io.shiftadd.registry.model;

import io.shiftadd.http.problem.ProblemException;

/** Imports models from the Hub. */
public interface RemoteImport {

    /**
     * Begins to download a model; it is registered under the name when it is complete. While the same revision is being
     * imported, that import is returned.
     *
     * @throws ProblemException when no server is configured
     */
    ImportView start(String name, String repository, String revision);
}
