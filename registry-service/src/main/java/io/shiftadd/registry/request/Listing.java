package io.shiftadd.registry.request;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.springframework.data.domain.Page;

/** One page of a list. */
@Schema(description = "One page of a list")
public record Listing<T>(
        List<T> items,

        @Schema(description = "Number of this page, the first is 0", example = "0")
        int page,

        @Schema(description = "Most items a page has", example = "20")
        int size,

        @Schema(description = "Items on all pages", example = "1")
        long totalItems,

        @Schema(description = "Number of pages", example = "1")
        int totalPages) {

    public static <T> Listing<T> of(Page<T> page) {
        return new Listing<>(
                page.getContent(), page.getNumber(), page.getSize(), page.getTotalElements(), page.getTotalPages());
    }
}
