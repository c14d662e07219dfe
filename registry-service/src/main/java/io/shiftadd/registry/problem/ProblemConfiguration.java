package io.shiftadd.registry.problem;

import io.shiftadd.http.problem.FieldError;
import io.shiftadd.http.problem.ProblemResponses;
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

    @Bean
    ProblemResponses documentedProblems() {
        FieldError field = new FieldError("bits", "is 7", "a whole number from 2 to 4", null);
        return ProblemResponses.withExamples(field, "The body has 5000000 bytes; at most 4194304 are accepted.");
    }
}
