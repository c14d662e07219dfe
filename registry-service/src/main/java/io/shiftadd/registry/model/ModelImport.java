package io.shiftadd.registry.model;

import io.shiftadd.http.problem.FieldError;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.job.ModelId;
import io.shiftadd.registry.storage.AllowedRoots;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;

/** Registers models that lie on disk. Files are hashed and inspected before any transaction begins. */
@Service
class ModelImport implements ModelIntake {

    private static final Logger log = LoggerFactory.getLogger(ModelImport.class);

    private final ModelRepository models;
    private final ModelInspector inspector;
    private final AllowedRoots roots;
    private final Clock clock;

    ModelImport(ModelRepository models, ModelInspector inspector, ModelProperties properties, Clock clock) {
        this.models = models;
        this.inspector = inspector;
        this.roots = properties.allowedRoots();
        this.clock = clock;
    }

    /** @param created false when the very same model was registered under the name before */
    record Imported(ModelView model, boolean created) {}

    /**
     * Imports a directory or GGUF file. Importing the same content under the same name again changes nothing.
     *
     * @throws ProblemException when the path is not allowed, the model not valid or the name taken
     */
    Imported fromPath(ImportRequest request) {
        Path location = roots.resolve(Objects.requireNonNull(request.path()));
        if (location == null) {
            throw ProblemException.invalid(
                    "path",
                    "names nothing inside an allowed root",
                    "a directory or .gguf file under " + roots.describe(),
                    "move the model there, or add its directory to shiftadd.models.roots");
        }
        return register(request.nameOr(String.valueOf(location.getFileName())), location, roots);
    }

    @Override
    public ModelId register(String name, Path directory) {
        return new ModelId(register(name, directory, new AllowedRoots(List.of(directory)))
                .model()
                .id());
    }

    @Override
    public void requireFree(String name, Path directory) {
        models.findByName(name)
                .filter(known -> !known.view().location().equals(directory.toString()))
                .ifPresent(known -> {
                    throw taken(known);
                });
    }

    @Override
    public void requireKnown(Path directory) {
        inspector.requireKnown(directory);
    }

    @Override
    public void requireServable(Path copy, Path directory) {
        try {
            inspector.inspect(copy);
        } catch (ProblemException e) {
            throw new ProblemException(
                    e.type(), String.valueOf(e.getMessage()).replace(copy.toString(), directory.toString()));
        }
    }

    @Override
    public boolean isRegistered(Path directory) {
        return models.existsByLocation(directory.toString());
    }

    private Imported register(String name, Path location, AllowedRoots within) {
        ModelDirectory.requireInside(location, within);
        ModelInspector.Inspection inspection = inspector.inspect(location);
        InspectedModel inspected = inspection.model();
        ModelDirectory directory = ModelDirectory.scan(location, inspected.kind(), within);
        directory.requireFinite(inspection.used());
        Model known = models.findByName(name).orElse(null);
        if (known != null) {
            return same(known, directory);
        }
        try {
            Model model = models.saveAndFlush(new Model(name, directory, inspected, clock.instant()));
            log.info("Registered model {} ({}) from {}", name, inspected.family(), location);
            return new Imported(model.view(), true);
        } catch (DataIntegrityViolationException e) {
            // somebody else registered the name since it was looked up
            return same(models.findByName(name).orElseThrow(() -> e), directory);
        }
    }

    private static Imported same(Model known, ModelDirectory directory) {
        if (known.digest().equals(directory.digest())) {
            return new Imported(known.view(), false);
        }
        throw taken(known);
    }

    private static ProblemException taken(Model known) {
        return ProblemException.of(
                ProblemType.NAME_TAKEN,
                new FieldError(
                        "name",
                        "'" + known.name() + "' belongs to another model, " + known.id(),
                        null,
                        "choose another name or delete that model"));
    }
}
