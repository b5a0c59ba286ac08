package dev.athanor.remote;

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

/// All that has to be with a server before an action can run there, or a result be known. To
/// whoever sends it, it is a store of these blobs: messages that are in no other, and the rest from
/// the store behind it.
public final class Parcel implements BlobStore {
  private final BlobStore behind;
  private final Map<Digest, byte[]> messages = new HashMap<>();
  private final Set<Digest> all = new HashSet<>();

  public Parcel(BlobStore behind) {
    this.behind = behind;
    // Nobody may have stored it.
    messages.put(Digest.EMPTY, new byte[0]);
  }

  /// All that was added.
  public Set<Digest> digests() {
    return Collections.unmodifiableSet(all);
  }

  /// Adds a message that is in no store.
  public Digest add(MessageLite message) {
    return add(message.toByteArray());
  }

  /// Adds bytes that are in no store.
  public Digest add(byte[] bytes) {
    Digest digest = Digester.digest(bytes);
    messages.put(digest, bytes);
    all.add(digest);
    return digest;
  }

  /// Adds the directories that the root introduced; what is in them is to be added besides.
  public void add(InputRoot root) {
    root.directories().forEach(this::add);
  }

  /// Adds a blob of the store behind.
  public void add(Digest digest) {
    all.add(digest);
  }

  /// Adds all that is below and with `content`.
  ///
  /// @throws dev.athanor.engine.cas.MissingBlobException when a directory of it is in no store
  public void add(Content content) throws IOException {
    Trees.addBlobs(content, this, all);
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
