package io.shiftadd.http.access;

import io.shiftadd.http.ContentCodingFilter;
import io.shiftadd.http.ContentTypeFilter;
import io.shiftadd.http.EdgeSecurity;
import io.shiftadd.http.PlainTextFilter;
import io.shiftadd.http.Refusal;
import io.shiftadd.http.TidyPathFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.ToLongFunction;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;

/**
 * The order of what a request of any service passes before the controllers: its path, its id, then Spring Security
 * (pages, CORS, keys: {@link EdgeSecurity}), and only for those who are let in the body's envelope.
 */
public final class EdgeFilters {

    /** Before everything else. */
    public static final int FIRST = Ordered.HIGHEST_PRECEDENCE + 4;

    /** Behind Spring Security, wherever {@code spring.security.filter.order} puts it; by default at -100. */
    public static final int LET_IN = -50;

    private EdgeFilters() {}

    public static FilterRegistrationBean<TidyPathFilter> tidyPaths() {
        return at(FIRST + 1, new TidyPathFilter());
    }

    public static FilterRegistrationBean<RequestIdFilter> requestIds() {
        return at(FIRST + 2, new RequestIdFilter());
    }

    public static FilterRegistrationBean<ContentTypeFilter> contentTypes(Refusal refusal) {
        return at(LET_IN, new ContentTypeFilter(refusal));
    }

    public static FilterRegistrationBean<PlainTextFilter> plainTexts(PlainTextFilter.Answer answer) {
        return at(LET_IN + 1, new PlainTextFilter(answer));
    }

    /** @param limit bytes that a request's body may have once it is decoded */
    public static FilterRegistrationBean<ContentCodingFilter> contentCodings(
            ToLongFunction<HttpServletRequest> limit, Refusal refusal) {
        return at(LET_IN + 2, new ContentCodingFilter(limit, refusal));
    }

    public static <T extends Filter> FilterRegistrationBean<T> at(int order, T filter) {
        FilterRegistrationBean<T> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(order);
        return registration;
    }
}
