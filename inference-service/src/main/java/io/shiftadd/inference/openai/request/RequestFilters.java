package io.shiftadd.inference.openai.request;

import io.shiftadd.http.ContentCodingFilter;
import io.shiftadd.http.ContentTypeFilter;
import io.shiftadd.http.Refusal;
import io.shiftadd.http.TidyPathFilter;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.error.ErrorWriter;
import jakarta.servlet.Filter;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;

/** How requests are read before the controllers: the path before keys are asked for, the body's envelope after that. */
@Configuration(proxyBeanMethods = false)
class RequestFilters {

    private static final int BEFORE_ACCESS = Ordered.HIGHEST_PRECEDENCE + 5;
    private static final int AFTER_ACCESS = Ordered.HIGHEST_PRECEDENCE + 20;

    @Bean
    FilterRegistrationBean<TidyPathFilter> tidyPaths() {
        return at(BEFORE_ACCESS, new TidyPathFilter());
    }

    @Bean
    FilterRegistrationBean<ContentTypeFilter> contentTypes(ErrorWriter errors) {
        return at(AFTER_ACCESS, new ContentTypeFilter(refusal(errors)));
    }

    @Bean
    FilterRegistrationBean<ContentCodingFilter> contentCodings(ErrorWriter errors) {
        return at(AFTER_ACCESS + 1, new ContentCodingFilter(RequestJson::limit, refusal(errors)));
    }

    /** Gives back what a request has taken, however it ends. */
    @Bean
    FilterRegistrationBean<Filter> requestAccounts(RequestMemory memory) {
        return at(BEFORE_ACCESS - 1, (request, response, chain) -> {
            memory.open(request);
            try {
                chain.doFilter(request, response);
            } finally {
                memory.close(request);
            }
        });
    }

    private static Refusal refusal(ErrorWriter errors) {
        return (request, response, status, message) -> {
            HttpStatus known = HttpStatus.valueOf(status);
            String code = known == HttpStatus.UNSUPPORTED_MEDIA_TYPE ? "unsupported_media_type" : null;
            errors.write(ApiException.of(known, null, code, message), response);
        };
    }

    private static <T extends Filter> FilterRegistrationBean<T> at(int order, T filter) {
        FilterRegistrationBean<T> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(order);
        return registration;
    }
}
