package io.shiftadd.registry.request;

import io.shiftadd.http.ContentCodingFilter;
import io.shiftadd.http.ContentTypeFilter;
import io.shiftadd.http.PlainTextFilter;
import io.shiftadd.http.TidyPathFilter;
import io.shiftadd.http.access.EdgeFilters;
import io.shiftadd.http.problem.ProblemWriter;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** How requests are read before the controllers, in the order of {@link EdgeFilters}. */
@Configuration(proxyBeanMethods = false)
class RequestFilters implements WebMvcConfigurer {

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
        builder.addCustomConverter(new JsonNodeConverter());
    }

    @Bean
    static FilterRegistrationBean<TidyPathFilter> tidyPaths() {
        return EdgeFilters.tidyPaths();
    }

    @Bean
    static FilterRegistrationBean<ContentTypeFilter> contentTypes(ProblemWriter problems) {
        return EdgeFilters.contentTypes(problems.refusal());
    }

    @Bean
    static FilterRegistrationBean<PlainTextFilter> plainTexts(ProblemWriter problems) {
        return EdgeFilters.plainTexts(problems.texts());
    }

    @Bean
    static FilterRegistrationBean<ContentCodingFilter> contentCodings(ProblemWriter problems, BodyLimit limit) {
        return EdgeFilters.contentCodings(limit::capOf, problems.refusal());
    }
}
