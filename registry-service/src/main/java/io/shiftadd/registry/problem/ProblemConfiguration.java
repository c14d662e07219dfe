package io.shiftadd.registry.problem;

import io.shiftadd.http.problem.ProblemWriter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class ProblemConfiguration {

    @Bean
    ProblemWriter problems(JsonMapper json) {
        return new ProblemWriter(json);
    }
}
