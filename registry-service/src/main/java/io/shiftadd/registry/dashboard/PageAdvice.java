package io.shiftadd.registry.dashboard;

import io.shiftadd.registry.access.Sessions;
import io.shiftadd.registry.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.ModelAndView;

/** What all pages have in common: who is logged in, where they are, and that their errors are pages. */
@ControllerAdvice(
        assignableTypes = {
            ModelPages.class,
            ModelDownload.class,
            JobPages.class,
            ComparePages.class,
            PlaygroundPages.class,
            LoginPages.class
        })
@Order(Ordered.HIGHEST_PRECEDENCE)
class PageAdvice {

    private final Sessions sessions;

    PageAdvice(Sessions sessions) {
        this.sessions = sessions;
    }

    @ModelAttribute("login")
    @Nullable
    String login(HttpServletRequest request) {
        return sessions.nameOf(request);
    }

    @ModelAttribute("path")
    String path(HttpServletRequest request) {
        return request.getServletPath();
    }

    @ExceptionHandler
    ModelAndView problem(ProblemException problem, HttpServletRequest request) {
        return page(
                problem.type().status().value(), problem.type().title(), String.valueOf(problem.getMessage()), request);
    }

    @ExceptionHandler
    ModelAndView notAnId(MethodArgumentTypeMismatchException mismatch, HttpServletRequest request) {
        return page(404, "There is no such page", "'" + mismatch.getValue() + "' is not an id.", request);
    }

    private ModelAndView page(int status, String title, String detail, HttpServletRequest request) {
        ModelAndView page =
                new ModelAndView("problem", Map.of("title", title, "detail", detail, "path", path(request)));
        page.addObject("login", login(request));
        page.setStatus(org.springframework.http.HttpStatus.valueOf(status));
        return page;
    }
}
