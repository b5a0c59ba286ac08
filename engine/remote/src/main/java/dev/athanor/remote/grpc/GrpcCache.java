package dev.athanor.remote.grpc;

import build.bazel.remote.execution.v2.ActionCacheGrpc;
import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.BatchReadBlobsRequest;
import build.bazel.remote.execution.v2.BatchReadBlobsResponse;
import build.bazel.remote.execution.v2.BatchUpdateBlobsRequest;
import build.bazel.remote.execution.v2.BatchUpdateBlobsResponse;
import build.bazel.remote.execution.v2.CapabilitiesGrpc;
import build.bazel.remote.execution.v2.ContentAddressableStorageGrpc;
import build.bazel.remote.execution.v2.ContentAddressableStorageGrpc.ContentAddressableStorageBlockingStub;
import build.bazel.remote.execution.v2.DigestFunction;
import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.FindMissingBlobsRequest;
import build.bazel.remote.execution.v2.GetActionResultRequest;
import build.bazel.remote.execution.v2.GetCapabilitiesRequest;
import build.bazel.remote.execution.v2.GetTreeRequest;
import build.bazel.remote.execution.v2.GetTreeResponse;
import build.bazel.remote.execution.v2.UpdateActionResultRequest;
import com.google.common.collect.Lists;
import com.google.protobuf.UnsafeByteOperations;
import com.google.rpc.Status;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.concurrent.Parallel;
import dev.athanor.engine.concurrent.Room;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Trees;
import dev.athanor.remote.RemoteCache;
import dev.athanor.remote.RemoteException;
import dev.athanor.remote.Retries;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A cache that speaks the Remote Execution API.
public final class GrpcCache implements RemoteCache {
  /// How many transfers of much data are under way at once in each direction, so that none waits
  /// for those in the other.
  private static final int TRANSFERS = 8;

  /// Of one tree: what comes after them comes level by level.
  private static final int PAGES = 1000;

  /// Digests in one question.
  private static final int QUESTION = 10_000;

  /// From so many bytes on, squeezing pays where the server can.
  private static final long SQUEEZED = 64 << 10;

  private final GrpcConnection connection;
  private final String instance;
  private final Calls calls;
  private final Negotiation negotiation;
  private final Room reads = new Room(TRANSFERS);
  private final Room writes = new Room(TRANSFERS);
  private final boolean squeezes;

  public GrpcCache(GrpcConnection connection, Retries retries) {
    // On this machine, squeezing bytes costs more than moving them.
    this(connection, retries, !connection.isLocal());
  }

  /// @param squeezes whether large blobs are compressed on the way
  GrpcCache(GrpcConnection connection, Retries retries, boolean squeezes) {
    this.connection = connection;
    this.instance = connection.endpoint().instance();
    this.calls = new Calls(connection, retries);
    this.negotiation = new Negotiation(this::capabilities);
    this.squeezes = squeezes;
  }

  private Negotiated capabilities() throws IOException {
    try {
      return Negotiated.of(
          calls.make(() ->
              calls
                  .patient(CapabilitiesGrpc.newBlockingStub(connection.channel()))
                  .getCapabilities(
                      GetCapabilitiesRequest.newBuilder().setInstanceName(instance).build())));
    } catch (RemoteException e) {
      if (isUnimplemented(e)) {
        return Negotiated.USUAL;
      }
      throw e;
    }
  }

  private static boolean isUnimplemented(RemoteException e) {
    return e.getCause() instanceof StatusRuntimeException status
        && status.getStatus().getCode() == Code.UNIMPLEMENTED;
  }

  private ContentAddressableStorageBlockingStub blobs() {
    return blobs(0);
  }

  /// @param bytes that travel with the call
  private ContentAddressableStorageBlockingStub blobs(long bytes) {
    return calls.patient(
        ContentAddressableStorageGrpc.newBlockingStub(connection.channel()), bytes);
  }

  @Override
  public boolean isWhole() {
    return false;
  }

  @Override
  public boolean takesResults() throws IOException {
    return negotiation.outcome().writable();
  }

  @Override
  public Set<Digest> missing(Set<Digest> digests) throws IOException {
    var _ = negotiation.outcome();
    Set<Digest> missing = ConcurrentHashMap.newKeySet();
    Parallel.forEach(
        Lists.partition(List.copyOf(digests), QUESTION),
        part -> {
          var request = FindMissingBlobsRequest.newBuilder().setInstanceName(instance);
          part.forEach(digest -> request.addBlobDigests(Trees.wire(digest)));
          request.setDigestFunction(DigestFunction.Value.SHA256);
          calls
              .make(() -> blobs().findMissingBlobs(request.build()))
              .getMissingBlobDigestsList()
              .forEach(digest -> parse(digest).ifPresent(missing::add));
        });
    return missing;
  }

  /// Nothing where it is no digest: we did not ask for it.
  private static Optional<Digest> parse(build.bazel.remote.execution.v2.Digest wire) {
    try {
      return Optional.of(Trees.digest(wire));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void read(Digest digest, OutputStream to) throws IOException {
    Negotiated can = negotiation.outcome();
    transfer(
        reads, () -> new BlobReader(calls, connection, digest, squeezed(digest, can), to).read());
  }

  private boolean squeezed(Digest digest, Negotiated can) {
    return squeezes && can.zstd() && digest.size() >= SQUEEZED;
  }

  @Override
  public Map<Digest, byte[]> read(Collection<Digest> digests) throws IOException {
    Batches batches = Batches.of(digests, negotiation.outcome().batchBytes());
    Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
    Parallel.forEach(batches.together(), batch -> transfer(reads, () -> readBatch(batch, blobs)));
    for (Digest digest : batches.alone()) {
      try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
        read(digest, bytes);
        blobs.put(digest, bytes.toByteArray());
      } catch (MissingBlobException e) {
        // Absent.
      }
    }
    return blobs;
  }

  private void readBatch(List<Digest> batch, Map<Digest, byte[]> to) throws IOException {
    var request = BatchReadBlobsRequest.newBuilder().setInstanceName(instance);
    batch.forEach(digest -> request.addDigests(Trees.wire(digest)));
    request.setDigestFunction(DigestFunction.Value.SHA256);
    BatchReadBlobsResponse response =
        calls.make(() -> blobs(bytes(batch)).batchReadBlobs(request.build()));
    for (BatchReadBlobsResponse.Response blob : response.getResponsesList()) {
      int code = blob.getStatus().getCode();
      if (code == Code.OK.value()) {
        parse(blob.getDigest()).ifPresent(digest -> to.put(digest, blob.getData().toByteArray()));
      } else if (code != Code.NOT_FOUND.value()) {
        throw failure(blob.getStatus());
      }
    }
  }

  private static long bytes(List<Digest> batch) {
    return batch.stream().mapToLong(Digest::size).sum();
  }

  /// One part of a batch failed.
  private IOException failure(Status status) {
    return calls.failure(
        io.grpc.Status.fromCodeValue(status.getCode()).withDescription(status.getMessage()),
        new IOException(status.getMessage()));
  }

  @Override
  public List<Directory> tree(Digest root) throws IOException {
    var request =
        GetTreeRequest.newBuilder()
            .setInstanceName(instance)
            .setRootDigest(Trees.wire(root))
            .setDigestFunction(DigestFunction.Value.SHA256);
    try {
      return calls.make(() -> {
        List<Directory> directories = new ArrayList<>();
        String page = "";
        int pages = 0;
        do {
          Iterator<GetTreeResponse> parts =
              blobs().getTree(request.clone().setPageToken(page).build());
          page = "";
          while (parts.hasNext()) {
            GetTreeResponse part = parts.next();
            directories.addAll(part.getDirectoriesList());
            page = part.getNextPageToken();
          }
        } while (!page.isEmpty() && ++pages < PAGES);
        return directories;
      });
    } catch (Calls.NotFound e) {
      return List.of();
    } catch (RemoteException e) {
      if (isUnimplemented(e)) {
        return List.of();
      }
      throw e;
    }
  }

  @Override
  public void write(Collection<Digest> digests, BlobStore from) throws IOException {
    if (digests.isEmpty()) {
      return;
    }
    Negotiated can = negotiation.outcome();
    Batches batches = Batches.of(digests, can.batchBytes());
    Parallel.forEach(batches.together(), batch -> transfer(writes, () -> writeBatch(batch, from)));
    Parallel.forEach(
        batches.alone(),
        digest -> {
          if (can.largestBlob() > 0 && digest.size() > can.largestBlob()) {
            throw RemoteException.particular(
                "it takes no blob of " + digest.size() + " bytes", null);
          }
          boolean zstd = squeezed(digest, can) && Squeezing.pays(digest, from);
          transfer(writes, () -> new BlobSender(calls, connection, digest, zstd, from).send());
        });
  }

  private void writeBatch(List<Digest> batch, BlobStore from) throws IOException {
    var request = BatchUpdateBlobsRequest.newBuilder().setInstanceName(instance);
    for (Digest digest : batch) {
      request.addRequests(
          BatchUpdateBlobsRequest.Request.newBuilder()
              .setDigest(Trees.wire(digest))
              .setData(UnsafeByteOperations.unsafeWrap(from.read(digest))));
    }
    request.setDigestFunction(DigestFunction.Value.SHA256);
    BatchUpdateBlobsResponse response =
        calls.make(() -> blobs(bytes(batch)).batchUpdateBlobs(request.build()));
    for (BatchUpdateBlobsResponse.Response blob : response.getResponsesList()) {
      int code = blob.getStatus().getCode();
      if (code == Code.RESOURCE_EXHAUSTED.value()) {
        throw RemoteException.hopeless(
            "RESOURCE_EXHAUSTED: " + blob.getStatus().getMessage(), null);
      }
      if (code != Code.OK.value() && code != Code.ALREADY_EXISTS.value()) {
        throw failure(blob.getStatus());
      }
    }
  }

  @Override
  public Optional<ActionResult> result(Digest key) throws IOException {
    var _ = negotiation.outcome();
    var request =
        GetActionResultRequest.newBuilder()
            .setInstanceName(instance)
            .setActionDigest(Trees.wire(key))
            .setDigestFunction(DigestFunction.Value.SHA256)
            .build();
    try {
      return Optional.of(
          calls.make(() ->
              calls
                  .patient(ActionCacheGrpc.newBlockingStub(connection.channel()))
                  .getActionResult(request)));
    } catch (Calls.NotFound e) {
      return Optional.empty();
    }
  }

  @Override
  public void putResult(Digest key, ActionResult result) throws IOException {
    var request =
        UpdateActionResultRequest.newBuilder()
            .setInstanceName(instance)
            .setActionDigest(Trees.wire(key))
            .setActionResult(result)
            .setDigestFunction(DigestFunction.Value.SHA256)
            .build();
    var _ =
        calls.make(() ->
            calls
                .patient(ActionCacheGrpc.newBlockingStub(connection.channel()))
                .updateActionResult(request));
  }

  private interface Transfer {
    void run() throws IOException;
  }

  private void transfer(Room room, Transfer transfer) throws IOException {
    room.in(() -> {
      transfer.run();
      return transfer;
    });
  }

  @Override
  public void close() {
    connection.close();
  }
}
