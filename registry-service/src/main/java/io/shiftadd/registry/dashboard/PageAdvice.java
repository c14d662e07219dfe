package io.shiftadd.registry.dashboard;

import io.shiftadd.registry.access.Caller;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What all pages have in common: who is logged in, and where they are. */
@ControllerAdvice(
        assignableTypes = {
            ModelPages.class,
            ModelDownload.class,
            JobPages.class,
            ComparePages.class,
            PlaygroundPages.class,
            LoginPages.class
        })
class PageAdvice {

    @ModelAttribute("login")
    @Nullable
    String login() {
        return Caller.keyName();
    }

    @ModelAttribute("path")
    String path(HttpServletRequest request) {
        return request.getServletPath();
    }
}
