package io.shiftadd.quantize;

import io.shiftadd.http.EdgeSecurity;
import io.shiftadd.http.OwnNames;
import io.shiftadd.http.PageRules;
import io.shiftadd.http.Refusal;
import io.shiftadd.http.TidyPathFilter;
import io.shiftadd.http.connection.ConnectionLimits;
import java.net.URI;
import java.util.List;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import tools.jackson.databind.json.JsonMapper;

/** Health and metrics are all that a worker answers by HTTP, without a key: to whoever calls it by its own name. */
@Configuration(proxyBeanMethods = false)
class ProbeSecurity {

    @Bean
    HttpFirewall firewall() {
        return EdgeSecurity.firewall();
    }

    @Bean
    SecurityFilterChain probes(HttpSecurity http, Environment environment, JsonMapper json) {
        // No page of another site has anything to ask here: there is no setting that would let one in.
        PageRules pages = new PageRules(true, false, OwnNames.of(environment), List.of(), OwnNames.SETTING);
        return EdgeSecurity.begin(http, pages, problems(json), "/**", List.of())
                .csrf(AbstractHttpConfigurer::disable)
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> watchedConnections(Environment environment) {
        ConnectionLimits limits = ConnectionLimits.of(environment);
        return factory -> {
            factory.setProtocol(ConnectionLimits.PROTOCOL);
            factory.addConnectorCustomizers(limits::apply);
        };
    }

    private static Refusal problems(JsonMapper json) {
        return (request, response, status, message) -> {
            ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.valueOf(status), message);
            problem.setInstance(URI.create(TidyPathFilter.sentPath(request)));
            response.setStatus(status);
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.getOutputStream().write(json.writeValueAsBytes(problem));
        };
    }
}
