/**
 * The demo: the seed's test against the Jetty example, or against Jetty as it comes, without and with the agent.
 *
 * <pre>
 *  Demo ── for each round, for each variant ──► Scenario
 *                                                 │ starts        ExampleServer (a JVM of its own, in a cgroup by SlowMachine)
 *                                                 │ beside SMALL, then beside BIG:
 *                                                 ├── thread "background-N"        BackgroundClients: the second client
 *                                                 ├── thread "hot-client"          HotClient: runs of 100 requests
 *                                                 └── thread "disk-sleep-sampler"  the kit: the selector thread and the disk
 *                                                 ▼
 *       Measurement, eight or so ──► Summary ──► TextReport, JsonReport, HtmlReport
 * </pre>
 *
 * <p>Job: shows on any Linux machine, by one command, what the agent changes, and says how far that machine let it.
 * <p>What differs between the two servers, and of what size their big files are: {@link io.readahead.examples.demo.ServerKind}.
 * <p>Loader: the class path of its own JVM. It sees the agent and the example only as jar files to start a server with.
 * <p>Threads: main runs the scenarios one after another and prints; the threads above live for one measurement; a shutdown hook
 * runs {@link io.readahead.examples.demo.Cleanup} when the demo is interrupted. While a measurement runs, main only sleeps.
 * <p>Read first: {@link io.readahead.examples.demo.Demo}, then {@link io.readahead.examples.demo.Scenario}.
 */
package io.readahead.examples.demo;
