package io.readahead.it;

import com.sun.tools.attach.VirtualMachine;
import io.readahead.kit.ServerProcess;
import java.io.IOException;
import java.util.TreeMap;
import java.util.Map;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A JMX client of a JVM, as JConsole is one: it has the management agent started there, and knows no class of the agent. */
final class JmxConsole implements AutoCloseable {

    static final String NAME = "io.readahead:type=Agent";

    private final JMXConnector connector;
    private final MBeanServerConnection server;
    private final ObjectName name;

    private JmxConsole(JMXConnector connector) throws Exception {
        this.connector = connector;
        server = connector.getMBeanServerConnection();
        name = new ObjectName(NAME);
    }

    static JmxConsole of(ServerProcess process) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
        try {
            return new JmxConsole(JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
        } finally {
            machine.detach();
        }
    }

    boolean hasBean() throws IOException {
        return server.isRegistered(name);
    }

    MBeanInfo info() throws Exception {
        return server.getMBeanInfo(name);
    }

    long number(String attribute) throws Exception {
        return (Long) server.getAttribute(name, attribute);
    }

    /** Every attribute by its name. */
    Map<String, Object> attributes() throws Exception {
        Map<String, Object> attributes = new TreeMap<>();
        for (MBeanAttributeInfo attribute : info().getAttributes()) {
            attributes.put(attribute.getName(), server.getAttribute(name, attribute.getName()));
        }
        return attributes;
    }

    /** An attribute that is a number for each name. */
    Map<String, Long> numbers(String attribute) throws Exception {
        Map<String, Long> numbers = new TreeMap<>();
        for (Object row : ((TabularData) server.getAttribute(name, attribute)).values()) {
            numbers.put((String) ((CompositeData) row).get("key"), (Long) ((CompositeData) row).get("value"));
        }
        return numbers;
    }

    void reset() throws Exception {
        server.invoke(name, "reset", null, null);
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
