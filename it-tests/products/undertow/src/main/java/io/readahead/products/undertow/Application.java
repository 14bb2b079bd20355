package io.readahead.products.undertow;

import java.io.File;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.embedded.undertow.UndertowServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.config.annotation.DefaultServletHandlerConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** MVC on Undertow, and a folder by Undertow's own servlet: {@code -Dexample.root}. */
@SpringBootApplication
public class Application implements WebMvcConfigurer {

    /** Runs until the process is ended. */
    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }

    @Bean
    WebServerFactoryCustomizer<UndertowServletWebServerFactory> folder() {
        return factory -> factory.setDocumentRoot(new File(System.getProperty("example.root")));
    }

    @Override
    public void configureDefaultServletHandling(DefaultServletHandlerConfigurer configurer) {
        configurer.enable();
    }
}
