package io.shiftadd.motion.problem;

import io.shiftadd.http.RefusedRequestCors;
import io.shiftadd.http.problem.ProblemValve;
import java.util.List;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Problem details for requests that Tomcat refuses before it hands them to anybody, in place of its HTML page. */
@Component
class TomcatErrors implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private final List<String> corsOrigins;

    TomcatErrors(Environment environment) {
        corsOrigins = Binder.get(environment)
                .bind("shiftadd.motion.access.cors-origins", Bindable.listOf(String.class))
                .orElse(List.of());
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addEngineValves(new RefusedRequestCors(corsOrigins));
        factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemValve.class.getName());
            }
        });
    }
}
