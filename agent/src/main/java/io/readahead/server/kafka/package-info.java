/** Kafka's TLS layer, which reads the file into a buffer of its own. */
package io.readahead.server.kafka;
