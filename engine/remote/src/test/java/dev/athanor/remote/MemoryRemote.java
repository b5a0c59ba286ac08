package dev.athanor.remote;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.Directory;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A remote cache on the heap, which can be told to misbehave.
public final class MemoryRemote implements RemoteCache {
  /// Asked before every call; may throw, or wait.
  public interface Fault {
    Fault NONE = _ -> {};

    void before(String call) throws IOException;
  }

  final MemoryBlobStore blobs = new MemoryBlobStore();
  final Map<Digest, ActionResult> results = new ConcurrentHashMap<>();
  final AtomicInteger calls = new AtomicInteger();

  /// Blobs that it says it has, and does not give.
  final Set<Digest> denied = ConcurrentHashMap.newKeySet();

  /// Blobs of which it gives other bytes.
  final Set<Digest> damaged = ConcurrentHashMap.newKeySet();

  volatile Fault fault = Fault.NONE;
  volatile boolean whole;

  private void called(String name) throws IOException {
    calls.incrementAndGet();
    fault.before(name);
  }

  @Override
  public boolean takesResults() {
    return true;
  }

  @Override
  public boolean isWhole() {
    return whole;
  }

  @Override
  public Set<Digest> missing(Set<Digest> digests) throws IOException {
    called("missing");
    return blobs.missing(digests);
  }

  @Override
  public void read(Digest digest, OutputStream to) throws IOException {
    called("read");
    to.write(bytes(digest));
  }

  private byte[] bytes(Digest digest) throws IOException {
    if (denied.contains(digest)) {
      throw new MissingBlobException(digest);
    }
    byte[] bytes = blobs.read(digest);
    if (damaged.contains(digest)) {
      bytes[0] ^= 1;
    }
    return bytes;
  }

  @Override
  public Map<Digest, byte[]> read(Collection<Digest> digests) throws IOException {
    called("reads");
    Map<Digest, byte[]> found = new HashMap<>();
    for (Digest digest : digests) {
      try {
        found.put(digest, bytes(digest));
      } catch (MissingBlobException e) {
        // Absent.
      }
    }
    return found;
  }

  @Override
  public List<Directory> tree(Digest root) throws IOException {
    called("tree");
    return List.of();
  }

  @Override
  public void write(Collection<Digest> digests, BlobStore from) throws IOException {
    called("write");
    for (Digest digest : new HashSet<>(digests)) {
      var _ = blobs.put(from.read(digest));
    }
  }

  @Override
  public Optional<ActionResult> result(Digest key) throws IOException {
    called("result");
    return Optional.ofNullable(results.get(key));
  }

  @Override
  public void putResult(Digest key, ActionResult result) throws IOException {
    called("putResult");
    results.put(key, result);
  }

  @Override
  public void close() {}
}
