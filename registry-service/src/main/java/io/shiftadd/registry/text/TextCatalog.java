package io.shiftadd.registry.text;

import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.job.JobId;
import io.shiftadd.job.TextId;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionOperations;

/** The registered texts, by id or name. */
@Service
public class TextCatalog {

    private static final Logger log = LoggerFactory.getLogger(TextCatalog.class);

    private final TextRepository texts;
    private final TextUsage usage;
    private final TransactionOperations transactions;

    TextCatalog(TextRepository texts, TextUsage usage, TransactionOperations transactions) {
        this.texts = texts;
        this.usage = usage;
        this.transactions = transactions;
    }

    @Transactional(readOnly = true)
    public Optional<TextView> find(String idOrName) {
        return entity(idOrName).map(Text::view);
    }

    Page<TextView> search(@Nullable String name, Pageable page) {
        return texts.findByNameContainingIgnoreCase(name == null ? "" : name, page)
                .map(Text::view);
    }

    /** @throws ProblemException when there is none */
    TextView get(String idOrName) {
        return required(idOrName).view();
    }

    /**
     * Forgets a text. A file that the platform wrote, from an upload, is deleted with the last text that names it; any
     * other is its owner's and stays where it is.
     *
     * @throws ProblemException when an active job reads it
     */
    void delete(String idOrName) {
        Text text = required(idOrName);
        boolean last = Boolean.TRUE.equals(transactions.execute(status -> {
            List<JobId> jobs = usage.activeJobsOf(new TextId(text.id()));
            if (!jobs.isEmpty()) {
                throw new ProblemException(
                        ProblemType.IN_USE,
                        "Text " + text.name() + " is in use by job " + jobs.getFirst()
                                + ". Wait for it or cancel it, then delete the text.");
            }
            texts.delete(text);
            texts.flush();
            return !texts.existsByLocation(text.location().toString());
        }));
        if (text.isUploaded() && last) {
            try {
                Files.deleteIfExists(text.location());
            } catch (IOException e) {
                log.warn("Text {} is forgotten, but its file {} could not be deleted", text.name(), text.location(), e);
            }
        }
    }

    private Text required(String idOrName) {
        return entity(idOrName)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no text with the id or name '" + idOrName + "'. GET /api/v1/texts lists them."));
    }

    private Optional<Text> entity(String idOrName) {
        try {
            return texts.findById(UUID.fromString(idOrName));
        } catch (IllegalArgumentException e) {
            return texts.findByName(idOrName);
        }
    }
}
