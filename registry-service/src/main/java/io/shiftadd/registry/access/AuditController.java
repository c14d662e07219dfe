package io.shiftadd.registry.access;

import io.shiftadd.http.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Access")
class AuditController {

    private static final int MOST = 1000;

    private final AuditLog audit;

    AuditController(AuditLog audit) {
        this.audit = audit;
    }

    @GetMapping(path = "/api/v1/audit", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listAuditEntries",
            summary = "List who changed what",
            description = "The newest first. For older ones ask for those before the last id of the list.")
    List<AuditEntry> list(
            @Parameter(description = "Only entries before the one with this id")
                    @RequestParam(required = false)
                    @Nullable
                    Long before,
            @Parameter(description = "Entries at most, 1 to 1000") @RequestParam(defaultValue = "100") int limit) {
        if (limit < 1 || limit > MOST) {
            throw ProblemException.invalid("limit", "is " + limit, "a whole number from 1 to " + MOST, null);
        }
        return audit.before(before == null ? Long.MAX_VALUE : before, limit);
    }
}
