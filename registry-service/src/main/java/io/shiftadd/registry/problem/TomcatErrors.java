package io.shiftadd.registry.problem;

import io.shiftadd.http.ClientConnection;
import io.shiftadd.http.RefusedRequestCors;
import io.shiftadd.http.connection.ConnectionLimits;
import io.shiftadd.http.problem.ProblemValve;
import java.util.List;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Connections are watched, and requests that Tomcat refuses before it hands them to anybody get problem details in
 * place of its HTML page.
 */
@Component
class TomcatErrors implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private final List<String> corsOrigins;
    private final ConnectionLimits connections;

    TomcatErrors(Environment environment) {
        corsOrigins = Binder.get(environment)
                .bind("shiftadd.registry.access.cors-origins", Bindable.listOf(String.class))
                .orElse(List.of());
        connections = ConnectionLimits.of(environment);
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.setProtocol(ConnectionLimits.PROTOCOL);
        factory.addConnectorCustomizers(connections::apply);
        factory.addEngineValves(ClientConnection.valve(), new RefusedRequestCors(corsOrigins));
        factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemValve.class.getName());
            }
        });
    }
}
