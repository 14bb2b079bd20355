package io.readahead.products.webflux;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.FileSystemResource;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** A folder by WebFlux: {@code -Dexample.root}. */
@SpringBootApplication
public class Application {

    /** Runs until the process is ended. */
    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }

    @Bean
    RouterFunction<ServerResponse> files() {
        return RouterFunctions.resources("/**", new FileSystemResource(System.getProperty("example.root") + "/"));
    }
}
