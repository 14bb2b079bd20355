package io.readahead.examples.jetty;

/** Who answers requests for files. */
enum FilesBy {
    /** The handlers of this package, behind a connector that sends with sendfile. */
    EXAMPLE,
    /** Jetty as it comes: its ResourceHandler behind its ServerConnector. */
    RESOURCE_HANDLER
}
