package io.readahead.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Kafka brokers that are one cluster, or one alone.
 *
 * @param nodes of ids 1, 2 and so on
 */
record KafkaCluster(List<KafkaNode> nodes) implements AutoCloseable {

    /** The broker of an id as it is to be, before it is told of the others. */
    interface Setup {
        KafkaNode.Builder of(int id) throws IOException;
    }

    /** Starts all at a time, for each waits for a majority; where one doesn't start none is left. */
    static KafkaCluster start(int count, Setup setup) throws Exception {
        List<Integer> controllerPorts = new ArrayList<>();
        for (int id = 1; id <= count; id++) {
            controllerPorts.add(KafkaNode.freePort());
        }
        KafkaCluster cluster = new KafkaCluster(new ArrayList<>());
        ExecutorService starters = Executors.newFixedThreadPool(count);
        try {
            List<KafkaNode.Builder> builders = new ArrayList<>();
            for (int id = 1; id <= count; id++) {
                builders.add(setup.of(id).nodeOfMany(id, controllerPorts));
            }
            List<Future<KafkaNode>> starting = new ArrayList<>();
            builders.forEach(builder -> starting.add(starters.submit(builder::start)));
            cluster.add(starting);
            return cluster;
        } catch (Throwable failure) {
            cluster.close();
            throw failure;
        } finally {
            starters.shutdownNow();
        }
    }

    /** Waits for every one, whatever becomes of another, and then throws what the first that failed did. */
    private void add(List<Future<KafkaNode>> starting) throws Exception {
        Exception first = null;
        for (Future<KafkaNode> node : starting) {
            try {
                nodes.add(node.get());
            } catch (Exception failure) {
                first = first == null ? failure : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** All at a time: a node that finds no majority any more takes its time to leave. */
    @Override
    public void close() {
        nodes.parallelStream().forEach(KafkaNode::close);
    }
}
