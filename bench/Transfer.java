import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.remote.Endpoint;
import dev.athanor.remote.RemoteCache;
import dev.athanor.remote.Retries;
import dev.athanor.remote.SharedBlobStore;
import dev.athanor.remote.Traffic;
import dev.athanor.remote.grpc.GrpcCache;
import dev.athanor.remote.grpc.GrpcConnection;
import dev.athanor.remote.http.HttpCache;
import java.nio.file.Path;
import java.util.Set;

/// Sends a file from a store to a remote cache, and brings it back into another store, each once
/// after something small. Prints the seconds that each took.
///
/// usage: Transfer URL FILE EMPTY_FOLDER
public final class Transfer {
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[2]);
    try (RemoteCache cache = connect(args[0]);
        DiskBlobStore from = DiskBlobStore.open(folder.resolve("from"));
        DiskBlobStore to = DiskBlobStore.open(folder.resolve("to"))) {
      Digest small = from.put(new byte[] {1});
      cache.write(Set.of(small), from);
      Digest file = from.put(Path.of(args[1]));
      long start = System.nanoTime();
      cache.write(Set.of(file), from);
      long sent = System.nanoTime();
      new SharedBlobStore(to, cache, new Traffic()).bring(Set.of(file));
      long brought = System.nanoTime();
      if (!to.contains(file)) {
        throw new IllegalStateException("it did not come back");
      }
      System.out.printf("%.4f %.4f%n", (sent - start) / 1e9, (brought - sent) / 1e9);
    }
  }

  private static RemoteCache connect(String url) {
    Endpoint endpoint = Endpoint.of(url);
    return endpoint.isGrpc()
        ? new GrpcCache(new GrpcConnection(endpoint, "bench"), Retries.DEFAULT)
        : new HttpCache(endpoint, Retries.DEFAULT);
  }
}
