package io.shiftadd.registry.model;

import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.job.JobId;
import io.shiftadd.job.ModelId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The registered models. Wherever a model is asked for, its id and its name serve alike. */
@Service
@Transactional(readOnly = true)
public class ModelCatalog {

    private final ModelRepository models;
    private final ModelUsage usage;
    private final ApplicationEventPublisher events;

    ModelCatalog(ModelRepository models, ModelUsage usage, ApplicationEventPublisher events) {
        this.models = models;
        this.usage = usage;
        this.events = events;
    }

    public Optional<ModelView> find(String idOrName) {
        return entity(idOrName).map(Model::view);
    }

    /** @throws ProblemException when there is none */
    public ModelView get(String idOrName) {
        return required(idOrName).view();
    }

    public boolean isTaken(String name) {
        return models.findByName(name).isPresent();
    }

    Page<ModelView> search(@Nullable ModelKind kind, @Nullable String family, @Nullable String text, Pageable page) {
        String pattern = text == null ? null : text.replaceAll("([\\\\%_])", "\\\\$1");
        return models.search(kind, family, pattern, page).map(Model::view);
    }

    List<ModelFile> files(String idOrName) {
        return required(idOrName).files();
    }

    Lineage lineage(String idOrName) {
        Model model = required(idOrName);
        List<ModelView> ancestors = new ArrayList<>();
        UUID parent = model.parentId();
        while (parent != null) {
            Model next = models.findById(parent).orElseThrow();
            ancestors.add(next.view());
            parent = next.parentId();
        }
        List<ModelView> children = models.findByParentIdOrderByCreatedAt(model.id()).stream()
                .map(Model::view)
                .toList();
        return new Lineage(model.view(), ancestors, children);
    }

    /**
     * Forgets a model. Its files stay where they are, unless the registry has downloaded them.
     *
     * @throws ProblemException when an active job reads it, or models descend from it
     */
    @Transactional
    public void delete(String idOrName) {
        Model model = required(idOrName);
        List<JobId> jobs = usage.activeJobsOf(new ModelId(model.id()));
        if (!jobs.isEmpty()) {
            throw new ProblemException(
                    ProblemType.IN_USE,
                    "Model " + model.name() + " is in use by job " + jobs.getFirst()
                            + ". Wait for it or cancel it, then delete the model.");
        }
        List<Model> children = models.findByParentIdOrderByCreatedAt(model.id());
        if (!children.isEmpty()) {
            throw new ProblemException(
                    ProblemType.IN_USE,
                    "Model " + model.name() + " is the parent of "
                            + String.join(
                                    ", ", children.stream().map(Model::name).toList())
                            + ". Delete these first.");
        }
        models.delete(model);
        models.flush();
        events.publishEvent(new ModelDeleted(model.view().location()));
    }

    private Model required(String idOrName) {
        return entity(idOrName)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no model with the id or name '" + idOrName + "'. GET /api/v1/models lists them."));
    }

    private Optional<Model> entity(String idOrName) {
        try {
            return models.findById(UUID.fromString(idOrName));
        } catch (IllegalArgumentException e) {
            return models.findByName(idOrName);
        }
    }
}
