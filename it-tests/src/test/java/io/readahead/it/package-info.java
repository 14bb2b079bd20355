/**
 * Integration tests: real servers in a forked JVM, with the shipped agent jar and, as the control that has to fail, without it.
 *
 * <p>Job: each class is a promise of the documentation, each test one claim of it. Claims are about bytes, counters and the kernel's
 * accounts; a clock only bounds hanging.
 * <p>Loader: the test JVM's class path. Only {@code app}, {@code woven}, {@code plain} and {@code missing} are loaded by the programs under
 * test.
 * <p>Imports: the kit, JUnit, the JDK; those that begin with Kafka also Kafka's clients.
 * <p>Threads: JUnit's, one test at a time, plus clients that a test starts and ends.
 * <p>Read first: {@link io.readahead.it.ColdFileIT}.
 */
package io.readahead.it;
