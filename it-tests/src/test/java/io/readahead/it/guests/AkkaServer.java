package io.readahead.it.guests;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import com.typesafe.config.ConfigFactory;
import akka.actor.AbstractActor;
import akka.actor.ActorSystem;
import akka.actor.Props;
import akka.io.Tcp;
import akka.io.TcpMessage;
import akka.util.ByteString;

/** Akka's TCP and its command that sends a file. */
public final class AkkaServer extends AbstractActor {

    private final Path root;

    private AkkaServer(Path root) {
        this.root = root;
    }

    /** Serves a folder until the process is ended. */
    public static void main(String[] arguments) {
        ActorSystem.create("guest", ConfigFactory.parseMap(Map.of("akka.loglevel", "OFF", "akka.stdout-loglevel", "OFF"))
                .withFallback(ConfigFactory.load())).actorOf(Props.create(AkkaServer.class, () -> new AkkaServer(Path.of(arguments[0]))));
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
