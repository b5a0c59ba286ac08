package dev.athanor.remote.execution;

import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.DirectoryNode;
import build.bazel.remote.execution.v2.FileNode;
import com.google.protobuf.MessageLite;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.Trees;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// All that has to be with a server before an action can run there. To whoever sends it, it is a
/// store of these blobs: messages that are in no other, and the rest from the store behind it.
final class Parcel implements BlobStore {
  private final BlobStore behind;
  private final Map<Digest, byte[]> messages = new HashMap<>();
  private final Set<Digest> all = new HashSet<>();

  Parcel(BlobStore behind) {
    this.behind = behind;
    // Nobody may have stored it.
    messages.put(Digest.EMPTY, new byte[0]);
  }

  Set<Digest> digests() {
    return Collections.unmodifiableSet(all);
  }

  Digest add(MessageLite message) {
    return add(message.toByteArray());
  }

  Digest add(byte[] bytes) {
    Digest digest = Digester.digest(bytes);
    messages.put(digest, bytes);
    all.add(digest);
    return digest;
  }

  /// Adds the directories that the root introduced; what is in them is to be added besides.
  void add(InputRoot root) {
    root.directories().forEach(this::add);
  }

  /// Adds a blob of the store behind.
  void add(Digest digest) {
    all.add(digest);
  }

  /// Adds all that is below and with `content`.
  void add(Content content) throws IOException {
    switch (content) {
      case Content.File(var digest, _) -> all.add(digest);
      case Content.Tree(var digest) -> addTree(digest);
      case Content.Symlink _ -> {}
    }
  }

  private void addTree(Digest tree) throws IOException {
    if (!all.add(tree)) {
      return;
    }
    Directory directory = Trees.directory(tree, this);
    for (FileNode file : directory.getFilesList()) {
      all.add(Trees.digest(file.getDigest()));
    }
    for (DirectoryNode child : directory.getDirectoriesList()) {
      addTree(Trees.digest(child.getDigest()));
    }
  }

  @Override
  public boolean contains(Digest digest) throws IOException {
    return messages.containsKey(digest) || behind.contains(digest);
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    byte[] message = messages.get(digest);
    return message == null ? behind.open(digest) : new ByteArrayInputStream(message);
  }

  @Override
  public BlobWriter write() {
    throw new UnsupportedOperationException("a parcel is only read");
  }
}
