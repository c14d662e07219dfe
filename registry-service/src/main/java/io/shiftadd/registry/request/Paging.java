package io.shiftadd.registry.request;

import io.shiftadd.http.problem.ProblemException;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Sort;

/** The query parameters of a list: which page, how long, in which order. */
public record Paging(
        @Parameter(
                description = "Page, the first is 0",
                schema = @Schema(type = "integer", minimum = "0", defaultValue = "0"))
        @Nullable
        String page,

        @Parameter(
                description = "Items a page",
                schema = @Schema(type = "integer", minimum = "1", maximum = "200", defaultValue = "20"))
        @Nullable
        String size,

        @Parameter(description = "Field to sort by, then a comma and asc or desc", example = "createdAt,desc") @Nullable
        String sort) {

    private static final int DEFAULT_SIZE = 20;
    private static final int MAX_SIZE = 200;
    private static final int MAX_PAGE = 1_000_000;

    /**
     * @param sortable the fields that may be sorted by, with the property that each stands for
     * @throws ProblemException when a parameter is out of range or the field cannot be sorted by
     */
    public Pageable pageable(Map<String, String> sortable, Sort standard) {
        int number = number("page", page, 0, MAX_PAGE, 0);
        int length = number("size", size, 1, MAX_SIZE, DEFAULT_SIZE);
        return PageRequest.of(number, length, order(sortable, standard).and(Sort.by("id")));
    }

    private Sort order(Map<String, String> sortable, Sort standard) {
        if (sort == null || sort.isBlank()) {
            return standard;
        }
        List<String> parts = List.of(sort.split(",", 2));
        String property = sortable.get(parts.getFirst());
        String direction = parts.size() < 2 ? "asc" : parts.get(1).toLowerCase(Locale.ROOT);
        if (property == null || !List.of("asc", "desc").contains(direction)) {
            String fields =
                    String.join(", ", sortable.keySet().stream().sorted().toList());
            throw ProblemException.invalid(
                    "sort", "is '" + sort + "'", "one of " + fields + ", then ,asc or ,desc", null);
        }
        return Sort.by(direction.equals("asc") ? Sort.Direction.ASC : Sort.Direction.DESC, property);
    }

    private static int number(String name, @Nullable String text, int min, int max, int standard) {
        if (text == null || text.isBlank()) {
            return standard;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // reported below, as numbers out of range are
        }
        throw ProblemException.invalid(name, "is '" + text + "'", "a whole number from " + min + " to " + max, null);
    }
}
