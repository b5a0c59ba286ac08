package dev.athanor.remote;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.Directory;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.concurrent.Lazy;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A remote cache that is given up for a while when it does not answer, with one word to the user.
/// Reading, and writing blobs or results, are given up one by one: a full or read-only cache can
/// still be read, and one that takes no results may take what is sent to be worked on.
public final class GuardedCache implements RemoteCache {
  private final Lazy<RemoteCache> cache;
  private final Breaker reading;
  private final Breaker writing;
  private final Breaker publishing;

  /// @param maker connects when there is the first thing to ask: not every build has any
  /// @param name of the cache, for the user
  /// @param notices for the user
  public GuardedCache(Supplier<RemoteCache> maker, String name, Consumer<String> notices) {
    this.cache = Lazy.of(maker);
    this.reading =
        new Breaker(
            e ->
                notices.accept(
                    "warning: going on without the remote cache " + name + ": " + e.getMessage()),
            System::nanoTime);
    Consumer<RemoteException> takesNothing =
        e ->
            notices.accept(
                "warning: nothing is uploaded to the remote cache " + name + ": " + e.getMessage());
    this.writing = new Breaker(takesNothing, System::nanoTime);
    this.publishing = new Breaker(takesNothing, System::nanoTime);
  }

  private interface Call<T> {
    T call() throws IOException;
  }

  private static <T> T guarded(Breaker breaker, Call<T> call) throws IOException {
    if (!breaker.admits()) {
      throw RemoteException.trouble("the remote cache does not answer", null);
    }
    try {
      T answer = call.call();
      breaker.succeeded();
      return answer;
    } catch (RemoteException e) {
      breaker.failed(e);
      throw e;
    }
  }

  @Override
  public boolean isWhole() {
    return cache.get().isWhole();
  }

  /// So that nobody sends blobs for results that it would refuse.
  @Override
  public boolean takesResults() throws IOException {
    return guarded(
        publishing,
        () -> {
          if (!cache.get().takesResults()) {
            throw RemoteException.hopeless("it takes no results from us", null);
          }
          return true;
        });
  }

  @Override
  public Set<Digest> missing(Set<Digest> digests) throws IOException {
    return guarded(reading, () -> cache.get().missing(digests));
  }

  @Override
  public void read(Digest digest, OutputStream to) throws IOException {
    guarded(
        reading,
        () -> {
          cache.get().read(digest, to);
          return digest;
        });
  }

  @Override
  public Map<Digest, byte[]> read(Collection<Digest> digests) throws IOException {
    return guarded(reading, () -> cache.get().read(digests));
  }

  @Override
  public List<Directory> tree(Digest root) throws IOException {
    return guarded(reading, () -> cache.get().tree(root));
  }

  @Override
  public void write(Collection<Digest> digests, BlobStore from) throws IOException {
    guarded(
        writing,
        () -> {
          cache.get().write(digests, from);
          return digests;
        });
  }

  @Override
  public Optional<ActionResult> result(Digest key) throws IOException {
    return guarded(reading, () -> cache.get().result(key));
  }

  @Override
  public void putResult(Digest key, ActionResult result) throws IOException {
    guarded(
        publishing,
        () -> {
          cache.get().putResult(key, result);
          return key;
        });
  }

  @Override
  public void close() {
    RemoteCache made = cache.peek();
    if (made != null) {
      made.close();
    }
  }
}
