package io.shiftadd.quantize;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class QuantizeApplication {

    public static void main(String[] args) {
        SpringApplication.run(QuantizeApplication.class, args);
    }
}
