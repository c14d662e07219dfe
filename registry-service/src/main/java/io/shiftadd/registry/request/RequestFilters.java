package io.shiftadd.registry.request;

import io.shiftadd.http.ContentCodingFilter;
import io.shiftadd.http.ContentTypeFilter;
import io.shiftadd.http.Refusal;
import io.shiftadd.http.TidyPathFilter;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.http.problem.ProblemWriter;
import jakarta.servlet.Filter;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** How requests are read before the controllers: the path before keys are asked for, everything else after that. */
@Configuration(proxyBeanMethods = false)
class RequestFilters implements WebMvcConfigurer {

    private static final int BEFORE_ACCESS = Ordered.HIGHEST_PRECEDENCE + 5;
    private static final int AFTER_ACCESS = Ordered.HIGHEST_PRECEDENCE + 15;

    private static final int TOO_LARGE = 413;
    private static final int UNSUPPORTED = 415;

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
        builder.addCustomConverter(new JsonNodeConverter());
    }

    @Bean
    static FilterRegistrationBean<TidyPathFilter> tidyPaths() {
        return at(BEFORE_ACCESS, new TidyPathFilter());
    }

    @Bean
    static FilterRegistrationBean<ContentTypeFilter> contentTypes(ProblemWriter problems) {
        return at(AFTER_ACCESS, new ContentTypeFilter(refusal(problems)));
    }

    @Bean
    static FilterRegistrationBean<PlainTextFilter> plainTexts(ProblemWriter problems) {
        return at(AFTER_ACCESS + 1, new PlainTextFilter(problems));
    }

    @Bean
    static FilterRegistrationBean<ContentCodingFilter> contentCodings(ProblemWriter problems, BodyLimit limit) {
        return at(AFTER_ACCESS + 2, new ContentCodingFilter(limit::capOf, refusal(problems)));
    }

    private static Refusal refusal(ProblemWriter problems) {
        return (request, response, status, message) -> {
            ProblemType type = switch (status) {
                case TOO_LARGE -> ProblemType.TOO_LARGE;
                case UNSUPPORTED -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
                default -> ProblemType.MALFORMED_REQUEST;
            };
            problems.write(request, response, type, message);
        };
    }

    private static <T extends Filter> FilterRegistrationBean<T> at(int order, T filter) {
        FilterRegistrationBean<T> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(order);
        return registration;
    }
}
