package io.shiftadd.quantize;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;

// There are no users, only probes.
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
public class QuantizeApplication {

    public static void main(String[] args) {
        SpringApplication.run(QuantizeApplication.class, args);
    }
}
