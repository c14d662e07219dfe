package io.shiftadd.registry.model;

import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.job.ModelId;
import java.nio.file.Path;

/** Takes in models that the registry itself has put on disk, and tells beforehand whether it would. */
public interface ModelIntake {

    /**
     * @param directory need not lie under the roots that requests may name; links must not lead out of it
     * @return the id of the model, which may have been registered before
     * @throws ProblemException when the files are no valid model, or the name belongs to another one
     */
    ModelId register(String name, Path directory);

    /** @throws ProblemException when the name belongs to a model that lies elsewhere */
    void requireFree(String name, Path directory);

    /**
     * Reads the config.json alone.
     *
     * @throws ProblemException when it is of an architecture that is not supported, or has a value that is not
     */
    void requireKnown(Path directory);

    /**
     * Opens a model as serving does, without looking at its weights.
     *
     * @param copy may have files whose headers alone are there
     * @param directory what errors name instead
     * @throws ProblemException when it cannot be served
     */
    void requireServable(Path copy, Path directory);

    /** Whether a model lies there. */
    boolean isRegistered(Path directory);
}
