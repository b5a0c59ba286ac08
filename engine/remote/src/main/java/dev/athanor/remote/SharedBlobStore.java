package dev.athanor.remote;

import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.DirectoryNode;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.cas.CorruptBlobException;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.concurrent.Parallel;
import dev.athanor.engine.concurrent.Room;
import dev.athanor.engine.concurrent.SingleFlight;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A store near by and a remote cache behind it, as one store: what is only over there comes here
/// when somebody reads it, and is digested on the way.
///
/// Whatever the cache does wrong makes a blob missing, so that its producer runs again. What was
/// not there, or not whole, when it was wanted is never again taken to be there, whatever the cache
/// says of it.
public final class SharedBlobStore implements BlobStore {
  /// Up to so many bytes, blobs travel together.
  private static final long SMALL = 1 << 20;

  /// How many bytes of small blobs are in memory at once, on their way.
  private static final long SLICE = 32 << 20;

  private static final int QUESTIONS = 4;

  /// How many large blobs come at once; each has a file open.
  private static final int FETCHES = 16;

  private final BlobStore near;
  private final RemoteCache remote;
  private final Traffic traffic;
  private final Coalescer<Digest> questions;
  private final SingleFlight<Digest> fetches = new SingleFlight<>();
  private final Room room = new Room(FETCHES);
  private final Set<Digest> there = ConcurrentHashMap.newKeySet();
  private final Set<Digest> lost = ConcurrentHashMap.newKeySet();

  public SharedBlobStore(BlobStore near, RemoteCache remote, Traffic traffic) {
    this.near = near;
    this.remote = remote;
    this.traffic = traffic;
    this.questions = new Coalescer<>(QUESTIONS, remote::missing);
  }

  @Override
  public boolean contains(Digest digest) throws IOException {
    return near.contains(digest) || absent(Set.of(digest)).isEmpty();
  }

  @Override
  public Set<Digest> missing(Collection<Digest> digests) throws IOException {
    return absent(near.missing(digests));
  }

  @Override
  public boolean isNear(Digest digest) throws IOException {
    return near.isNear(digest);
  }

  @Override
  public boolean mayBeFar() {
    return true;
  }

  /// Those that are not over there. The blob of no bytes is everywhere.
  private Set<Digest> absent(Set<Digest> digests) throws IOException {
    Set<Digest> unknown = new HashSet<>(digests);
    unknown.remove(Digest.EMPTY);
    unknown.removeAll(lost);
    unknown.removeAll(there);
    Set<Digest> absent = new HashSet<>(digests);
    absent.retainAll(lost);
    if (!unknown.isEmpty()) {
      absent.addAll(askAfter(unknown));
    }
    return absent;
  }

  private Set<Digest> askAfter(Set<Digest> digests) throws IOException {
    try {
      // Others' questions are answered, too.
      Set<Digest> missing = new HashSet<>(digests);
      missing.retainAll(questions.ask(digests));
      Set<Digest> found = new HashSet<>(digests);
      found.removeAll(missing);
      there.addAll(found);
      return missing;
    } catch (RemoteException e) {
      return digests;
    }
  }

  /// Takes blobs to be over there without asking, since whoever keeps them says so.
  void assume(Collection<Digest> digests) {
    there.addAll(digests);
  }

  /// Which of the blobs have to be sent for the cache to have them.
  ///
  /// @throws RemoteException when it does not tell
  Set<Digest> toSend(Set<Digest> digests) throws IOException {
    Set<Digest> answer = questions.ask(digests);
    Set<Digest> send = new HashSet<>(digests);
    send.removeIf(digest -> !answer.contains(digest) && !lost.contains(digest));
    return send;
  }

  /// Blobs were sent there.
  void sent(Collection<Digest> digests) {
    lost.removeAll(digests);
    there.addAll(digests);
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    fetch(digest);
    return near.open(digest);
  }

  @Override
  public Optional<Path> file(Digest digest, boolean executable) throws IOException {
    fetch(digest);
    return near.file(digest, executable);
  }

  @Override
  public BlobWriter write() throws IOException {
    return near.write();
  }

  @Override
  public Digest put(byte[] bytes) throws IOException {
    return near.put(bytes);
  }

  @Override
  public Digest put(InputStream in) throws IOException {
    return near.put(in);
  }

  @Override
  public Digest put(Path file) throws IOException {
    return near.put(file);
  }

  @Override
  public Digest take(Path file) throws IOException {
    return near.take(file);
  }

  @Override
  public void bring(Collection<Digest> digests) throws IOException {
    List<Digest> small = new ArrayList<>();
    List<Digest> large = new ArrayList<>();
    for (Digest digest : near.missing(digests)) {
      if (digest.equals(Digest.EMPTY)) {
        fetch(digest);
      } else if (!lost.contains(digest)) {
        (digest.size() <= SMALL ? small : large).add(digest);
      }
    }
    for (List<Digest> slice : slices(small)) {
      bringTogether(slice);
    }
    Parallel.forEach(
        large,
        digest -> {
          try {
            fetch(digest);
          } catch (MissingBlobException e) {
            // Whoever reads it will notice.
          }
        });
  }

  private static List<List<Digest>> slices(List<Digest> digests) {
    List<List<Digest>> slices = new ArrayList<>();
    List<Digest> slice = new ArrayList<>();
    long bytes = 0;
    for (Digest digest : digests) {
      if (bytes + digest.size() > SLICE) {
        slices.add(slice);
        slice = new ArrayList<>();
        bytes = 0;
      }
      slice.add(digest);
      bytes += digest.size();
    }
    slices.add(slice);
    return slices;
  }

  private void bringTogether(Collection<Digest> digests) throws IOException {
    if (digests.isEmpty()) {
      return;
    }
    Map<Digest, byte[]> blobs;
    try {
      blobs = remote.read(digests);
    } catch (RemoteException e) {
      // All of them at once, so that all are made at once.
      digests.forEach(this::lose);
      return;
    }
    for (Digest digest : digests) {
      byte[] bytes = blobs.get(digest);
      if (bytes == null) {
        lose(digest);
      } else {
        keep(digest, bytes);
      }
    }
  }

  private void keep(Digest digest, byte[] bytes) throws IOException {
    try (BlobWriter writer = near.write()) {
      writer.write(bytes);
      writer.commit(digest);
      traffic.received(bytes.length);
    } catch (CorruptBlobException e) {
      lose(digest);
    }
  }

  @Override
  public void bringTree(Digest root) throws IOException {
    if (root.size() == 0 || near.contains(root)) {
      return;
    }
    try {
      for (Directory directory : remote.tree(root)) {
        var _ = near.put(directory.toByteArray());
      }
    } catch (RemoteException e) {
      // Whoever reads it will notice.
    }
    // Servers need not have the call, nor tell of all.
    Set<Digest> level = Set.of(root);
    while (!level.isEmpty()) {
      bring(level);
      level = below(level);
    }
  }

  private Set<Digest> below(Set<Digest> directories) throws IOException {
    Set<Digest> below = new HashSet<>();
    for (Digest digest : directories) {
      if (near.contains(digest)) {
        for (DirectoryNode child : Trees.directory(digest, near).getDirectoriesList()) {
          below.add(Trees.digest(child.getDigest()));
        }
      }
    }
    return below;
  }

  /// Brings one blob here.
  private void fetch(Digest digest) throws IOException {
    if (near.contains(digest)) {
      return;
    }
    if (digest.equals(Digest.EMPTY)) {
      var _ = near.put(new byte[0]);
      return;
    }
    if (lost.contains(digest)) {
      throw new MissingBlobException(digest);
    }
    fetches.run(
        digest,
        () ->
            room.in(() -> {
              fetchAlone(digest);
              return digest;
            }));
  }

  private void fetchAlone(Digest digest) throws IOException {
    try (BlobWriter writer = near.write()) {
      remote.read(digest, writer);
      writer.commit(digest);
      traffic.received(digest.size());
    } catch (InterruptedIOException e) {
      throw e;
    } catch (MissingBlobException | CorruptBlobException | RemoteException e) {
      lose(digest);
      throw new MissingBlobException(digest);
    }
  }

  private void lose(Digest digest) {
    lost.add(digest);
    there.remove(digest);
  }
}
