package io.shiftadd.registry.access;

import io.shiftadd.http.access.RequestIdFilter;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.dao.DataAccessException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Records every request that is meant to change something, whoever sends it and however it ends. */
final class AuditInterceptor implements HandlerInterceptor {

    private static final Logger log = LoggerFactory.getLogger(AuditInterceptor.class);

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    /** What changes nothing though it is sent by POST, and what clients of the inference API say. */
    private static final Set<String> UNRECORDED = Set.of(
            "verifyApiKey", "playground", "playgroundChat", "playgroundImages", "keepResponse", "forgetResponse");

    private static final int MAX_TARGET = 1000;

    private final AuditLog audit;

    AuditInterceptor(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        if (READING.contains(request.getMethod())
                || !(handler instanceof HandlerMethod method)
                || UNRECORDED.contains(action(method))) {
            return;
        }
        String location = response.getHeader("Location");
        String target = location == null ? request.getRequestURI() : location;
        String requestId = String.valueOf(MDC.get(RequestIdFilter.LOG_KEY));
        Caller caller = Caller.of(request);
        try {
            audit.record(
                    caller,
                    action(method),
                    target.substring(0, Math.min(target.length(), MAX_TARGET)),
                    response.getStatus(),
                    requestId);
        } catch (DataAccessException e) {
            log.error(
                    "Not in the audit log, the database does not answer: {} by {} on {}",
                    action(method),
                    caller,
                    target);
        }
    }

    private static String action(HandlerMethod method) {
        Operation operation = method.getMethodAnnotation(Operation.class);
        return operation == null ? method.getMethod().getName() : operation.operationId();
    }
}
