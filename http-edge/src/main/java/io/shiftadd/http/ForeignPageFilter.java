package io.shiftadd.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses what a page of another site sends through somebody's browser, as {@link PageRules} have it. */
public final class ForeignPageFilter extends OncePerRequestFilter {

    private final PageRules rules;
    private final Refusal refusal;

    public ForeignPageFilter(PageRules rules, Refusal refusal) {
        this.rules = rules;
        this.refusal = refusal;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String objection = rules.objection(request);
        if (objection == null) {
            chain.doFilter(request, response);
        } else {
            refusal.write(request, response, HttpServletResponse.SC_FORBIDDEN, objection);
        }
    }
}
