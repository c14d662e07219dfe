package io.shiftadd.registry.dashboard;

import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.registry.access.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Whoever asks for a page and cannot have it gets a page that says why; everybody else gets problem details. */
@Component
class PageProblems implements HandlerExceptionResolver, Ordered {

    private static final Logger log = LoggerFactory.getLogger(PageProblems.class);

    /** Where clients of the API are answered, whatever they say they accept. */
    private static final List<String> NOT_PAGES =
            List.of("/api/", "/v3/", "/actuator", "/swagger-ui", "/webjars/", "/static/");

    private record What(HttpStatus status, String title, String detail) {}

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception exception) {
        String path = request.getServletPath();
        if (!request.getMethod().equals("GET")
                || !wantsHtml(request)
                || NOT_PAGES.stream().anyMatch(path::startsWith)) {
            return null;
        }
        What what = what(exception, path);
        ModelAndView page =
                new ModelAndView("problem", Map.of("title", what.title(), "detail", what.detail(), "path", path));
        page.addObject("login", Caller.keyName());
        page.setStatus(what.status());
        return page;
    }

    private static boolean wantsHtml(HttpServletRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT);
        return accepted != null && accepted.contains(MediaType.TEXT_HTML_VALUE);
    }

    private static What what(Exception exception, String path) {
        return switch (exception) {
            case ProblemException problem ->
                new What(problem.type().status(), problem.type().title(), String.valueOf(problem.getMessage()));
            case MethodArgumentTypeMismatchException mismatch -> missing("'" + mismatch.getValue() + "' is not an id.");
            case NoHandlerFoundException _, NoResourceFoundException _ -> missing(path + " leads nowhere.");
            case CannotCreateTransactionException _,
                    DataAccessResourceFailureException _,
                    TransientDataAccessException _ -> {
                log.warn("Database not available for {}: {}", path, exception.getMessage());
                yield new What(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "The database does not answer",
                        "Load the page again in a few seconds. Jobs that run go on when it is back.");
            }
            default -> {
                log.error("Page {} failed", path, exception);
                yield new What(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "The service failed",
                        "This is not your fault; the registry's log has the cause.");
            }
        };
    }

    private static What missing(String detail) {
        return new What(HttpStatus.NOT_FOUND, "There is no such page", detail);
    }
}
