package io.shiftadd.motion.api;

import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/** The page; it is open, and asks for an API key where its requests need one. */
@Hidden
@Controller
class PageController {

    private static final Resource PAGE = new ClassPathResource("static/motion.html");

    @GetMapping("/")
    String root() {
        return "redirect:/motion";
    }

    @GetMapping(path = "/motion", produces = MediaType.TEXT_HTML_VALUE)
    @ResponseBody
    ResponseEntity<Resource> page() {
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_HTML, java.nio.charset.StandardCharsets.UTF_8))
                .cacheControl(CacheControl.noCache())
                .body(PAGE);
    }
}
