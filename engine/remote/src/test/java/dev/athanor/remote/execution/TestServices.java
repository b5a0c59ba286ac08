package dev.athanor.remote.execution;

import build.bazel.remote.execution.v2.ActionCacheGrpc;
import build.bazel.remote.execution.v2.ActionCacheUpdateCapabilities;
import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.BatchReadBlobsRequest;
import build.bazel.remote.execution.v2.BatchReadBlobsResponse;
import build.bazel.remote.execution.v2.BatchUpdateBlobsRequest;
import build.bazel.remote.execution.v2.BatchUpdateBlobsResponse;
import build.bazel.remote.execution.v2.CacheCapabilities;
import build.bazel.remote.execution.v2.CapabilitiesGrpc;
import build.bazel.remote.execution.v2.ContentAddressableStorageGrpc;
import build.bazel.remote.execution.v2.Digest;
import build.bazel.remote.execution.v2.DigestFunction;
import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.DirectoryNode;
import build.bazel.remote.execution.v2.ExecutionCapabilities;
import build.bazel.remote.execution.v2.FindMissingBlobsRequest;
import build.bazel.remote.execution.v2.FindMissingBlobsResponse;
import build.bazel.remote.execution.v2.GetActionResultRequest;
import build.bazel.remote.execution.v2.GetCapabilitiesRequest;
import build.bazel.remote.execution.v2.GetTreeRequest;
import build.bazel.remote.execution.v2.GetTreeResponse;
import build.bazel.remote.execution.v2.ServerCapabilities;
import build.bazel.remote.execution.v2.UpdateActionResultRequest;
import build.bazel.semver.SemVer;
import com.google.bytestream.ByteStreamGrpc;
import com.google.bytestream.QueryWriteStatusRequest;
import com.google.bytestream.QueryWriteStatusResponse;
import com.google.bytestream.ReadRequest;
import com.google.bytestream.ReadResponse;
import com.google.bytestream.WriteRequest;
import com.google.bytestream.WriteResponse;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.tree.Trees;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The services beside the one that executes, over a store.
final class TestServices {
  private static final int CHUNK = 64 * 1024;

  private TestServices() {}

  private interface Answer<T> {
    T give() throws IOException;
  }

  private static <T> void answer(StreamObserver<T> to, Answer<T> answer) {
    try {
      to.onNext(answer.give());
      to.onCompleted();
    } catch (IOException e) {
      to.onError(Status.NOT_FOUND.withDescription(e.getMessage()).asRuntimeException());
    }
  }

  static final class Blobs extends ContentAddressableStorageGrpc.ContentAddressableStorageImplBase {
    private final BlobStore store;

    Blobs(BlobStore store) {
      this.store = store;
    }

    @Override
    public void findMissingBlobs(
        FindMissingBlobsRequest request, StreamObserver<FindMissingBlobsResponse> to) {
      answer(
          to,
          () -> {
            FindMissingBlobsResponse.Builder missing = FindMissingBlobsResponse.newBuilder();
            for (Digest digest : request.getBlobDigestsList()) {
              if (!store.contains(Trees.digest(digest))) {
                missing.addMissingBlobDigests(digest);
              }
            }
            return missing.build();
          });
    }

    @Override
    public void batchUpdateBlobs(
        BatchUpdateBlobsRequest request, StreamObserver<BatchUpdateBlobsResponse> to) {
      answer(
          to,
          () -> {
            BatchUpdateBlobsResponse.Builder done = BatchUpdateBlobsResponse.newBuilder();
            for (BatchUpdateBlobsRequest.Request one : request.getRequestsList()) {
              byte[] bytes = one.getData().toByteArray();
              boolean sound = Digester.digest(bytes).equals(Trees.digest(one.getDigest()));
              if (sound) {
                store.put(bytes);
              }
              done.addResponsesBuilder()
                  .setDigest(one.getDigest())
                  .getStatusBuilder()
                  .setCode(sound ? Code.OK_VALUE : Code.INVALID_ARGUMENT_VALUE);
            }
            return done.build();
          });
    }

    @Override
    public void batchReadBlobs(
        BatchReadBlobsRequest request, StreamObserver<BatchReadBlobsResponse> to) {
      answer(
          to,
          () -> {
            BatchReadBlobsResponse.Builder read = BatchReadBlobsResponse.newBuilder();
            for (Digest digest : request.getDigestsList()) {
              var one = read.addResponsesBuilder().setDigest(digest);
              if (store.contains(Trees.digest(digest))) {
                one.setData(ByteString.copyFrom(store.read(Trees.digest(digest))));
              } else {
                one.getStatusBuilder().setCode(Code.NOT_FOUND_VALUE);
              }
            }
            return read.build();
          });
    }

    @Override
    public void getTree(GetTreeRequest request, StreamObserver<GetTreeResponse> to) {
      answer(
          to,
          () -> {
            GetTreeResponse.Builder tree = GetTreeResponse.newBuilder();
            add(Trees.digest(request.getRootDigest()), tree);
            return tree.build();
          });
    }

    private void add(dev.athanor.engine.digest.Digest digest, GetTreeResponse.Builder tree)
        throws IOException {
      Directory directory = Trees.directory(digest, store);
      tree.addDirectories(directory);
      for (DirectoryNode child : directory.getDirectoriesList()) {
        add(Trees.digest(child.getDigest()), tree);
      }
    }
  }

  static final class Bytes extends ByteStreamGrpc.ByteStreamImplBase {
    private final BlobStore store;

    Bytes(BlobStore store) {
      this.store = store;
    }

    /// The last two parts of `…/blobs/HASH/SIZE`.
    private static dev.athanor.engine.digest.Digest digest(String resource) {
      int blobs = resource.indexOf("blobs/") + "blobs/".length();
      String[] parts = resource.substring(blobs).split("/", -1);
      return Assignment.digest(parts[0] + "/" + parts[1]);
    }

    @Override
    public void read(ReadRequest request, StreamObserver<ReadResponse> to) {
      try {
        byte[] bytes = store.read(digest(request.getResourceName()));
        for (int at = (int) request.getReadOffset(); at < bytes.length; at += CHUNK) {
          int length = Math.min(CHUNK, bytes.length - at);
          to.onNext(
              ReadResponse.newBuilder().setData(ByteString.copyFrom(bytes, at, length)).build());
        }
        to.onCompleted();
      } catch (IOException e) {
        to.onError(Status.NOT_FOUND.asRuntimeException());
      }
    }

    @Override
    public StreamObserver<WriteRequest> write(StreamObserver<WriteResponse> to) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      return new StreamObserver<>() {
        @Override
        public void onNext(WriteRequest request) {
          bytes.writeBytes(request.getData().toByteArray());
        }

        @Override
        public void onError(Throwable e) {}

        @Override
        public void onCompleted() {
          answer(
              to,
              () -> {
                store.put(bytes.toByteArray());
                return WriteResponse.newBuilder().setCommittedSize(bytes.size()).build();
              });
        }
      };
    }

    @Override
    public void queryWriteStatus(
        QueryWriteStatusRequest request, StreamObserver<QueryWriteStatusResponse> to) {
      answer(to, QueryWriteStatusResponse::getDefaultInstance);
    }
  }

  static final class Results extends ActionCacheGrpc.ActionCacheImplBase {
    private final Map<Digest, ActionResult> results = new ConcurrentHashMap<>();

    @Override
    public void getActionResult(GetActionResultRequest request, StreamObserver<ActionResult> to) {
      ActionResult result = results.get(request.getActionDigest());
      if (result == null) {
        to.onError(Status.NOT_FOUND.asRuntimeException());
      } else {
        answer(to, () -> result);
      }
    }

    @Override
    public void updateActionResult(
        UpdateActionResultRequest request, StreamObserver<ActionResult> to) {
      results.put(request.getActionDigest(), request.getActionResult());
      answer(to, request::getActionResult);
    }
  }

  static final class Capable extends CapabilitiesGrpc.CapabilitiesImplBase {
    @Override
    public void getCapabilities(
        GetCapabilitiesRequest request, StreamObserver<ServerCapabilities> to) {
      SemVer version = SemVer.newBuilder().setMajor(2).setMinor(3).build();
      answer(
          to,
          () ->
              ServerCapabilities.newBuilder()
                  .setCacheCapabilities(
                      CacheCapabilities.newBuilder()
                          .addDigestFunctions(DigestFunction.Value.SHA256)
                          .setActionCacheUpdateCapabilities(
                              ActionCacheUpdateCapabilities.newBuilder().setUpdateEnabled(true)))
                  .setExecutionCapabilities(
                      ExecutionCapabilities.newBuilder()
                          .setDigestFunction(DigestFunction.Value.SHA256)
                          .setExecEnabled(true))
                  .setLowApiVersion(SemVer.newBuilder().setMajor(2))
                  .setHighApiVersion(version)
                  .build());
    }
  }
}
