package io.shiftadd.motion.problem;

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
        FieldError field = new FieldError("torso.height", "is 5", "0.05 to 0.65 metres", "the nearest is 0.65");
        return ProblemResponses.withExamples(field, "The request body is larger than 65536 bytes")
                .limitedInRate();
    }
}
