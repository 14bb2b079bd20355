package io.readahead.it.guests;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import com.typesafe.config.ConfigFactory;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.io.Tcp;
import org.apache.pekko.io.TcpMessage;
import org.apache.pekko.util.ByteString;

/** Pekko's TCP and its command that sends a file. */
public final class PekkoServer extends AbstractActor {

    private final Path root;

    private PekkoServer(Path root) {
        this.root = root;
    }

    /** Serves a folder until the process is ended. */
    public static void main(String[] arguments) {
        ActorSystem.create("guest", ConfigFactory.parseMap(Map.of("pekko.loglevel", "OFF", "pekko.stdout-loglevel", "OFF"))
                .withFallback(ConfigFactory.load())).actorOf(Props.create(PekkoServer.class, () -> new PekkoServer(Path.of(arguments[0]))));
    }

    @Override
    public void preStart() {
        Tcp.get(getContext().getSystem()).manager().tell(TcpMessage.bind(getSelf(), new InetSocketAddress("127.0.0.1", 0), 16), getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Tcp.Bound.class, bound -> System.out.println("listening on http://127.0.0.1:" + bound.localAddress().getPort() + "/"))
                .match(Tcp.Connected.class, connected -> getSender().tell(TcpMessage.register(getSelf()), getSelf()))
                .match(Tcp.Received.class, received -> {
                    Request request = Request.of(root, received.data().utf8String());
                    Tcp.WriteCommand file = (Tcp.WriteCommand) TcpMessage.writePath(request.file(), 0, request.size(), TcpMessage.noAck());
                    getSender().tell(file.prepend((Tcp.SimpleWriteCommand) TcpMessage.write(ByteString.fromArray(request.head()))),
                            getSelf());
                })
                .build();
    }
}
