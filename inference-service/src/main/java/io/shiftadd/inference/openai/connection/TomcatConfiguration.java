package io.shiftadd.inference.openai.connection;

import io.shiftadd.http.ClientConnection;
import io.shiftadd.http.RefusedRequestCors;
import io.shiftadd.http.connection.ConnectionLimits;
import java.util.List;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> watchedConnections(Environment environment) {
        List<String> corsOrigins = Binder.get(environment)
                .bind("shiftadd.inference.access.cors-origins", Bindable.listOf(String.class))
                .orElse(List.of());
        ConnectionLimits limits = ConnectionLimits.of(environment);
        return factory -> {
            factory.setProtocol(ConnectionLimits.PROTOCOL);
            factory.addConnectorCustomizers(limits::apply);
            factory.addEngineValves(ClientConnection.valve(), new RefusedRequestCors(corsOrigins));
            factory.addContextCustomizers(context -> {
                if (context.getParent() instanceof StandardHost host) {
                    host.setErrorReportValveClass(JsonErrorValve.class.getName());
                }
            });
        };
    }
}
