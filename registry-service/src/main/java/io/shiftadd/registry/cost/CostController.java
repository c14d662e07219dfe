package io.shiftadd.registry.cost;

import io.shiftadd.cost.ModelCost;
import io.shiftadd.format.FormatException;
import io.shiftadd.http.problem.Fails;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.registry.model.ModelCatalog;
import io.shiftadd.registry.model.ModelView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Costs are read off the model's files when they are asked for: files of a registered model never change. */
@RestController
@Tag(name = "Models")
class CostController {

    private final ModelCatalog models;

    CostController(ModelCatalog models) {
        this.models = models;
    }

    @GetMapping(path = "/api/v1/models/{model}/cost", produces = MediaType.APPLICATION_JSON_VALUE)
    @Fails({ProblemType.UNREADABLE_MODEL})
    @Operation(
            operationId = "getModelCost",
            summary = "Get what a model takes",
            description =
                    "Bytes by their use, bits a weight all in, operations of one token and an estimate of their energy"
                            + " by published figures, as the model is stored and as it would be with float16 weights.")
    CostView cost(@Parameter(description = "Id or name", example = "llama-mini") @PathVariable String model) {
        ModelView view = models.get(model);
        try {
            return CostView.of(view.id(), ModelCost.of(Path.of(view.location())));
        } catch (FormatException e) {
            throw new ProblemException(ProblemType.UNREADABLE_MODEL, String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw new ProblemException(
                    ProblemType.UNREADABLE_MODEL, view.location() + " cannot be read: " + e.getMessage());
        }
    }
}
