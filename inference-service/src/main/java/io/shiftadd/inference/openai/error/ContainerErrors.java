package io.shiftadd.inference.openai.error;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The error object for what fails before or after the controllers, in place of Spring Boot's own error page. */
@Hidden
@RestController
class ContainerErrors implements ErrorController {

    private final ErrorWriter errors;

    ContainerErrors(ErrorWriter errors) {
        this.errors = errors;
    }

    @RequestMapping("${spring.web.error.path:/error}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        HttpStatus known = code instanceof Integer number ? HttpStatus.resolve(number) : null;
        HttpStatus status = known == null ? HttpStatus.NOT_FOUND : known;
        ApiException error = status.is5xxServerError()
                ? ApiException.internal("The server failed; its log says more under this request's id")
                : ApiException.of(status, null, null, "The request is refused: " + status.getReasonPhrase());
        errors.write(error, response);
    }
}
