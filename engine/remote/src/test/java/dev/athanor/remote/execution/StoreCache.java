package dev.athanor.remote.execution;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.DirectoryNode;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Trees;
import dev.athanor.remote.RemoteCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The blobs of a server that runs in this process. Notes what goes there and what comes back.
public class StoreCache implements RemoteCache {
  public final Set<Digest> written = ConcurrentHashMap.newKeySet();
  public final Set<Digest> read = ConcurrentHashMap.newKeySet();
  private final BlobStore store;
  private final Map<Digest, ActionResult> results = new ConcurrentHashMap<>();

  public StoreCache(BlobStore store) {
    this.store = store;
  }

  @Override
  public boolean takesResults() {
    return true;
  }

  @Override
  public boolean isWhole() {
    return false;
  }

  @Override
  public Set<Digest> missing(Set<Digest> digests) throws IOException {
    Set<Digest> missing = new HashSet<>();
    for (Digest digest : digests) {
      if (!store.contains(digest)) {
        missing.add(digest);
      }
    }
    return missing;
  }

  @Override
  public void read(Digest digest, OutputStream to) throws IOException {
    read.add(digest);
    try (InputStream in = store.open(digest)) {
      in.transferTo(to);
    }
  }

  @Override
  public Map<Digest, byte[]> read(Collection<Digest> digests) throws IOException {
    Map<Digest, byte[]> blobs = new HashMap<>();
    for (Digest digest : digests) {
      if (store.contains(digest)) {
        read.add(digest);
        blobs.put(digest, store.read(digest));
      }
    }
    return blobs;
  }

  @Override
  public List<Directory> tree(Digest root) throws IOException {
    List<Directory> directories = new ArrayList<>();
    add(root, directories);
    return directories;
  }

  private void add(Digest digest, List<Directory> directories) throws IOException {
    Directory directory = Trees.directory(digest, store);
    directories.add(directory);
    for (DirectoryNode child : directory.getDirectoriesList()) {
      add(Trees.digest(child.getDigest()), directories);
    }
  }

  @Override
  public void write(Collection<Digest> digests, BlobStore from) throws IOException {
    for (Digest digest : digests) {
      written.add(digest);
      try (InputStream in = from.open(digest)) {
        store.put(in);
      }
    }
  }

  @Override
  public Optional<ActionResult> result(Digest key) {
    return Optional.ofNullable(results.get(key));
  }

  @Override
  public void putResult(Digest key, ActionResult result) {
    results.put(key, result);
  }

  @Override
  public void close() {}
}
