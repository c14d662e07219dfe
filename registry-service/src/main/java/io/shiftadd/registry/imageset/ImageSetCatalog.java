package io.shiftadd.registry.imageset;

import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.job.ImageSetId;
import io.shiftadd.job.JobId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The registered sets of images, by id or name. */
@Service
public class ImageSetCatalog {

    private final ImageSetRepository sets;
    private final ImageSetUsage usage;

    ImageSetCatalog(ImageSetRepository sets, ImageSetUsage usage) {
        this.sets = sets;
        this.usage = usage;
    }

    @Transactional(readOnly = true)
    public Optional<ImageSetView> find(String idOrName) {
        return entity(idOrName).map(RegisteredImages::view);
    }

    Page<ImageSetView> search(@Nullable String name, Pageable page) {
        return sets.findByNameContainingIgnoreCase(name == null ? "" : name, page)
                .map(RegisteredImages::view);
    }

    /** @throws ProblemException when there is none */
    ImageSetView get(String idOrName) {
        return required(idOrName).view();
    }

    /**
     * Forgets a set; its files stay where they are.
     *
     * @throws ProblemException when an active job reads it
     */
    @Transactional
    public void delete(String idOrName) {
        RegisteredImages set = required(idOrName);
        List<JobId> jobs = usage.activeJobsOfImageSet(new ImageSetId(set.id()));
        if (!jobs.isEmpty()) {
            throw new ProblemException(
                    ProblemType.IN_USE,
                    "Image set " + set.name() + " is in use by job " + jobs.getFirst()
                            + ". Wait for it or cancel it, then delete the set.");
        }
        sets.delete(set);
    }

    private RegisteredImages required(String idOrName) {
        return entity(idOrName)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no image set with the id or name '" + idOrName
                                + "'. GET /api/v1/image-sets lists them."));
    }

    private Optional<RegisteredImages> entity(String idOrName) {
        try {
            return sets.findById(UUID.fromString(idOrName));
        } catch (IllegalArgumentException e) {
            return sets.findByName(idOrName);
        }
    }
}
