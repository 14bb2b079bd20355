package io.readahead.server.tomcat.fake.org.apache.tomcat.util.net;

/** Tomcat's TLS channel, as far as a relocated copy has it. */
public class SecureNioChannel extends NioChannel {
}
