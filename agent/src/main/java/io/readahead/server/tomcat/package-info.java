/** Tomcat's TLS on its NIO connector, where the poller encrypts a file that it hands to {@code transferTo}. */
package io.readahead.server.tomcat;
