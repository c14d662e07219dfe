package io.shiftadd.inference.openai.request;

import io.shiftadd.http.ContentCodingFilter;
import io.shiftadd.http.ContentTypeFilter;
import io.shiftadd.http.Refusal;
import io.shiftadd.http.TidyPathFilter;
import io.shiftadd.http.access.EdgeFilters;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.error.ErrorWriter;
import jakarta.servlet.Filter;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;

/** How requests are read before the controllers, in the order of {@link EdgeFilters}. */
@Configuration(proxyBeanMethods = false)
class RequestFilters {

    @Bean
    FilterRegistrationBean<TidyPathFilter> tidyPaths() {
        return EdgeFilters.tidyPaths();
    }

    @Bean
    FilterRegistrationBean<ContentTypeFilter> contentTypes(ErrorWriter errors) {
        return EdgeFilters.contentTypes(refusal(errors));
    }

    @Bean
    FilterRegistrationBean<ContentCodingFilter> contentCodings(ErrorWriter errors) {
        return EdgeFilters.contentCodings(RequestJson::limit, refusal(errors));
    }

    /** Gives back what a request has taken, however it ends. */
    @Bean
    FilterRegistrationBean<Filter> requestAccounts(RequestMemory memory) {
        return EdgeFilters.at(EdgeFilters.FIRST, (request, response, chain) -> {
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
}
