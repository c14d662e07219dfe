package io.shiftadd.registry.imageset;

import io.shiftadd.format.FormatException;
import io.shiftadd.http.problem.FieldError;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.model.vision.ImageSet;
import io.shiftadd.registry.request.RequestFields;
import io.shiftadd.registry.storage.AllowedRoots;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;

/** Registers sets of images that lie under an allowed root. Files are read before any transaction begins. */
@Service
class ImageSetImport {

    private final ImageSetRepository sets;
    private final AllowedRoots roots;
    private final Clock clock;

    ImageSetImport(ImageSetRepository sets, ImageSetProperties properties, Clock clock) {
        this.sets = sets;
        this.roots = properties.allowedRoots();
        this.clock = clock;
    }

    /** @param created false when the very same set was registered under the name before */
    record Imported(ImageSetView set, boolean created) {}

    Imported register(ImageSetRequest request) {
        Path location = roots.resolve(request.path());
        if (location == null) {
            throw ProblemException.invalid(
                    "path",
                    "names nothing inside an allowed root",
                    "a set of images under " + roots.describe(),
                    "move it there, or add its directory to shiftadd.image-sets.roots");
        }
        String name = request.name() == null ? nameOf(location) : request.name();
        try {
            ImageSet set = ImageSet.open(location);
            requireInside(set);
            set.image(0);
            String digest = set.digest(ImageSet.base(location), () -> {});
            return register(name, location, set, digest);
        } catch (FormatException e) {
            throw ProblemException.invalid("path", e.where() + " " + e.what(), e.limit(), e.remedy());
        } catch (UncheckedIOException e) {
            throw new ProblemException(ProblemType.MALFORMED_REQUEST, "The set cannot be read: " + e.getMessage());
        }
    }

    /** Before any of them is read: a link must not show what lies elsewhere. */
    private void requireInside(ImageSet set) {
        for (Path file : set.files()) {
            if (!roots.contains(file)) {
                throw ProblemException.invalid(
                        "path",
                        "has a link '" + file.getFileName() + "' that leads nowhere or out of the allowed roots",
                        "files under " + roots.describe(),
                        "replace the link by the file");
            }
        }
    }

    private Imported register(String name, Path location, ImageSet set, String digest) {
        RegisteredImages known = sets.findByName(name).orElse(null);
        if (known != null) {
            return same(known, digest);
        }
        try {
            RegisteredImages registered =
                    sets.saveAndFlush(new RegisteredImages(name, location, set, digest, clock.instant()));
            return new Imported(registered.view(), true);
        } catch (DataIntegrityViolationException e) {
            return same(sets.findByName(name).orElseThrow(() -> e), digest);
        }
    }

    private static Imported same(RegisteredImages known, String digest) {
        if (known.sha256().equals(digest)) {
            return new Imported(known.view(), false);
        }
        throw ProblemException.of(
                ProblemType.NAME_TAKEN,
                new FieldError(
                        "name",
                        "'" + known.name() + "' belongs to another image set, " + known.id(),
                        null,
                        "choose another name or delete that set"));
    }

    private static String nameOf(Path location) {
        String name = String.valueOf(location.getFileName()).replaceFirst("\\.(csv|gz)$", "");
        if (!RequestFields.isName(name)) {
            throw ProblemException.invalid(
                    "name", "is missing, and '" + name + "' cannot serve as one", null, "add the field name");
        }
        return name;
    }
}
