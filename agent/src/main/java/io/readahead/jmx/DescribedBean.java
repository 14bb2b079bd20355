package io.readahead.jmx;

import java.lang.reflect.Method;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.StandardMBean;

/** The bean as the MBean server takes it, with what {@link Describe} says for consoles to show. Threads: any. */
final class DescribedBean extends StandardMBean {

    DescribedBean(AgentMXBean bean) {
        super(bean, AgentMXBean.class, true);
    }

    @Override
    protected String getDescription(MBeanInfo info) {
        return "readahead-agent: keeps event loops from sleeping on the disk in sendfile";
    }

    @Override
    protected String getDescription(MBeanAttributeInfo attribute) {
        return described("get" + attribute.getName(), super.getDescription(attribute));
    }

    @Override
    protected String getDescription(MBeanOperationInfo operation) {
        return described(operation.getName(), super.getDescription(operation));
    }

    @Override
    protected int getImpact(MBeanOperationInfo operation) {
        return MBeanOperationInfo.ACTION;
    }

    private static String described(String method, String otherwise) {
        try {
            Method described = AgentMXBean.class.getMethod(method);
            Describe text = described.getAnnotation(Describe.class);
            return text == null ? otherwise : text.value();
        } catch (NoSuchMethodException notOurs) {
            return otherwise;
        }
    }
}
