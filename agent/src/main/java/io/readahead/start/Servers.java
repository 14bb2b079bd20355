package io.readahead.start;

import io.readahead.adapter.Adapters;
import io.readahead.adapter.Reflection;
import io.readahead.adapter.ServerAdapter;
import io.readahead.server.jetty.JettyCopier;
import io.readahead.server.jetty.JettyFrames;
import io.readahead.server.jetty.JettySocket;
import io.readahead.server.jetty.JettyTls;
import io.readahead.server.kafka.KafkaTls;
import io.readahead.server.netty.NettyChunks;
import io.readahead.server.netty.NettyEpoll;
import io.readahead.server.netty.NettyRegion;
import io.readahead.server.tomcat.TomcatTls;
import io.readahead.server.undertow.UndertowResponse;
import io.readahead.server.undertow.UndertowTls;
import io.readahead.weave.Implementers;
import io.readahead.weave.PackageFilter;
import io.readahead.weave.Recipe;
import io.readahead.weave.Recipes;
import io.readahead.weave.Weaving;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The one list of the servers that the agent knows, a line for each way in which one of them sends. */
public final class Servers {

    /** Their numbers are their places. */
    private static final List<Way> WAYS = List.of(
            new Way(NettyEpoll.WEAVINGS, NettyEpoll::new),
            new Way(KafkaTls.WEAVINGS, KafkaTls::new),
            new Way(UndertowResponse.WEAVINGS, UndertowResponse::new),
            new Way(TomcatTls.WEAVINGS, TomcatTls::new),
            new Way(UndertowTls.WEAVINGS, UndertowTls::new),
            new Way(NettyChunks.WEAVINGS, NettyChunks::new),
            new Way(JettyCopier.WEAVINGS, JettyCopier::new),
            new Way(JettyTls.WEAVINGS, JettyTls::new));

    /** What asks no adapter. */
    private static final List<Weaving> OTHERS =
            Stream.of(NettyRegion.WEAVINGS, JettySocket.WEAVINGS, JettyFrames.WEAVINGS).flatMap(List::stream).toList();

    /** What is woven, in the order in which it is applied. */
    static final List<Recipe> RECIPES = recipes(PackageFilter.NOTHING);

    /** Classes that are woven whatever their package, where the packages are the default ones. */
    static final Implementers IN_ANY_PACKAGE = new Implementers(List.of(NettyRegion.INTERFACE));

    private Servers() {
    }

    /** What is woven for it, and what makes its adapter. */
    private record Way(List<Weaving> weavings, BiFunction<Reflection, Consumer<String>, ServerAdapter> adapter) {
    }

    /** The same, and the writes of what is mapped in classes that a user names. */
    static List<Recipe> recipes(PackageFilter writers) {
        return Recipes.of(WAYS.stream().map(Way::weavings).toList(), OTHERS, writers);
    }

    /** @param report is told, in a line, of a class that has another shape */
    static Adapters adapters(Reflection reflection, Consumer<String> report) {
        return new Adapters(each(reflection, report));
    }

    /** The adapters one by one, in the order of their numbers. */
    static List<ServerAdapter> each(Reflection reflection, Consumer<String> report) {
        return WAYS.stream().map(way -> way.adapter.apply(reflection, report)).toList();
    }

    /** Tells whether a class is one that the agent would look at. Threads: any. @param entryName of the class file in its jar */
    public static boolean sendsFiles(String entryName, byte[] classFile) {
        return Recipes.concern(RECIPES, entryName, classFile);
    }
}
