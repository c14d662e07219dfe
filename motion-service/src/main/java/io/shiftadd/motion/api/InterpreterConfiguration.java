package io.shiftadd.motion.api;

import io.shiftadd.motion.instruction.Interpreter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class InterpreterConfiguration {

    @Bean
    Interpreter interpreter(MotionSettings settings) {
        return new Interpreter(settings.languageModelSettings());
    }
}
