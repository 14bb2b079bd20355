package io.readahead.it.guests;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.shuffle.BlockFetchingListener;
import org.apache.spark.network.shuffle.ExecutorDiskUtils;
import org.apache.spark.network.shuffle.ExternalBlockStoreClient;
import org.apache.spark.network.shuffle.protocol.ExecutorShuffleInfo;

/** An executor of Spark: registers files as outputs of its shuffle, fetches them, and prints the digest of each. */
public final class SparkClient {

    private static final int SUBFOLDERS = 64;
    private static final int TIMEOUT_MILLIS = 30_000;

    private SparkClient() {
    }

    /** Arguments: port, NIO or EPOLL, whether transfers are encrypted, an empty folder of the shuffle, and the files. */
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        boolean encrypted = Boolean.parseBoolean(arguments[2]);
        String folder = arguments[3];
        String[] blocks = new String[arguments.length - 4];
        for (int map = 0; map < blocks.length; map++) {
            blocks[map] = "shuffle_0_" + map + "_0";
            link(Path.of(arguments[4 + map]), folder, blocks[map]);
        }
        try (ExternalBlockStoreClient client = new ExternalBlockStoreClient(SparkServer.conf(arguments[1], encrypted), SparkServer.SECRET,
                encrypted, TIMEOUT_MILLIS)) {
            client.init("application");
            client.registerWithShuffleServer("127.0.0.1", port, "executor", new ExecutorShuffleInfo(new String[] {folder}, SUBFOLDERS,
                    "org.apache.spark.shuffle.sort.SortShuffleManager"));
            CountDownLatch all = new CountDownLatch(blocks.length);
            client.fetchBlocks("127.0.0.1", port, "executor", blocks, new BlockFetchingListener() {
                @Override
                public void onBlockFetchSuccess(String block, ManagedBuffer data) {
                    System.out.println("file " + Arrays.asList(blocks).indexOf(block) + " " + data.size() + " " + digest(data));
                    all.countDown();
                }

                @Override
                public void onBlockFetchFailure(String block, Throwable failure) {
                    System.out.println("file " + Arrays.asList(blocks).indexOf(block) + " " + failure);
                    all.countDown();
                }
            }, null);
            all.await();
        }
    }

    /** Puts a file where the service looks for the output of a map task, with the index of one that has one partition. */
    private static void link(Path file, String folder, String block) throws IOException {
        String[] folders = {folder};
        Path data = Path.of(ExecutorDiskUtils.getFilePath(folders, SUBFOLDERS, block + ".data"));
        Path index = Path.of(ExecutorDiskUtils.getFilePath(folders, SUBFOLDERS, block + ".index"));
        if (Files.exists(data)) {
            return;
        }
        Files.createDirectories(data.getParent());
        Files.createDirectories(index.getParent());
        Files.createLink(data, file);
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(index))) {
            out.writeLong(0);
            out.writeLong(Files.size(file));
        }
    }

    private static String digest(ManagedBuffer data) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(data.nioByteBuffer());
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
