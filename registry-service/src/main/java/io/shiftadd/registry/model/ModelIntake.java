package io.shiftadd.registry.model;

import io.shiftadd.registry.problem.ProblemException;
import java.nio.file.Path;
import java.util.UUID;

/** Takes in a model that the registry itself has put on disk. */
public interface ModelIntake {

    /**
     * @param directory need not lie under the roots that requests may name; links must not lead out of it
     * @return the id of the model, which may have been registered before
     * @throws ProblemException when the files are no valid model, or the name belongs to another one
     */
    UUID register(String name, Path directory);
}
