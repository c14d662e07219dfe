package io.shiftadd.inference.openai.error;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.WebUtils;

/** Notes with each response which form its error would have, before anybody can refuse the request. */
@Configuration(proxyBeanMethods = false)
class ErrorForms {

    @Bean
    FilterRegistrationBean<FormFilter> formedResponses(List<ErrorForm> forms) {
        FilterRegistrationBean<FormFilter> registration = new FilterRegistrationBean<>(new FormFilter(forms));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ERROR));
        return registration;
    }

    /** The form for this response; null = OpenAI's. */
    static @Nullable ErrorForm of(HttpServletResponse response) {
        FormedResponse formed = WebUtils.getNativeResponse(response, FormedResponse.class);
        return formed == null ? null : formed.form;
    }

    private static final class FormedResponse extends HttpServletResponseWrapper {
        private final ErrorForm form;

        FormedResponse(HttpServletResponse response, ErrorForm form) {
            super(response);
            this.form = form;
        }
    }

    /** Wraps responses below an address that has a form of its own. */
    static final class FormFilter extends OncePerRequestFilter {

        private final List<ErrorForm> forms;

        FormFilter(List<ErrorForm> forms) {
            this.forms = List.copyOf(forms);
        }

        @Override
        protected boolean shouldNotFilterErrorDispatch() {
            return false;
        }

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            Object failed = request.getAttribute("jakarta.servlet.error.request_uri");
            String path = failed instanceof String uri ? uri : request.getRequestURI();
            ErrorForm form =
                    forms.stream().filter(one -> one.isFor(path)).findFirst().orElse(null);
            chain.doFilter(request, form == null ? response : new FormedResponse(response, form));
        }
    }
}
