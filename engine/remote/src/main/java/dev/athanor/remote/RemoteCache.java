package dev.athanor.remote;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.Directory;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Blobs and action results on another machine, reached through one protocol. Safe for use by many
/// threads.
///
/// Nothing that comes from here is to be believed: whoever takes a blob digests it. Whatever goes
/// wrong on the way, once retries have not helped, is an [IOException]; an interrupted thread gets
/// an [java.io.InterruptedIOException] and stays interrupted.
public interface RemoteCache extends AutoCloseable {
  /// Whether a result that it gives can be taken to be whole, because asking after each blob would
  /// cost more than to do without one now and then.
  boolean isWhole();

  /// Whether it takes results from us, as far as it tells.
  boolean takesResults() throws IOException;

  /// Which of the blobs it lacks, as far as it can tell without moving any.
  Set<Digest> missing(Set<Digest> digests) throws IOException;

  /// Copies a blob of any size into `to`, which stays open.
  ///
  /// @throws dev.athanor.engine.cas.MissingBlobException when it is not there
  void read(Digest digest, OutputStream to) throws IOException;

  /// The bytes of many small blobs, as few calls as it takes. What is not there is absent.
  Map<Digest, byte[]> read(Collection<Digest> digests) throws IOException;

  /// Every directory below and with `root`, in no order, as far as they are there; empty where the
  /// protocol has no call for it.
  List<Directory> tree(Digest root) throws IOException;

  /// Sends blobs that `from` has, without asking whether they are there already.
  ///
  /// @throws dev.athanor.engine.cas.MissingBlobException when `from` lacks one
  void write(Collection<Digest> digests, BlobStore from) throws IOException;

  /// What is said to be the result of an action.
  Optional<ActionResult> result(Digest key) throws IOException;

  /// Says what the result of an action is. The blobs that it names, and the messages `Action` and
  /// `Command` behind the key, are there already.
  void putResult(Digest key, ActionResult result) throws IOException;

  @Override
  void close();
}
