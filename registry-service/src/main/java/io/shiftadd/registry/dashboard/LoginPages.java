package io.shiftadd.registry.dashboard;

import io.shiftadd.registry.access.Sessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Where a browser gives an API key, and gets a session for it. */
@Controller
class LoginPages {

    private final Sessions sessions;

    LoginPages(Sessions sessions) {
        this.sessions = sessions;
    }

    @GetMapping(Sessions.LOGIN)
    String login(@RequestParam(defaultValue = "/") String next, Model page) {
        page.addAttribute("next", own(next));
        page.addAttribute("refused", false);
        return "login";
    }

    /** A form of the login's two fields; no other body is even looked at, since who sends it has no key yet. */
    @PostMapping(path = Sessions.LOGIN, consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    ModelAndView logIn(
            @RequestParam(defaultValue = "") String key,
            @RequestParam(defaultValue = "/") String next,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (sessions.begin(request, response, key)) {
            return new ModelAndView("redirect:" + own(next));
        }
        ModelAndView page = new ModelAndView("login");
        page.setStatus(HttpStatus.UNAUTHORIZED);
        page.addObject("next", own(next));
        page.addObject("refused", true);
        return page;
    }

    @PostMapping("/logout")
    String logOut(HttpServletRequest request) {
        sessions.end(request);
        return "redirect:" + Sessions.LOGIN;
    }

    /** Only pages of ours: {@code //elsewhere} would be another site. */
    private static String own(String next) {
        return next.matches("/(?![/\\\\])[\\x21-\\x7e&&[^\\\\]]*") || next.equals("/") ? next : "/";
    }
}
