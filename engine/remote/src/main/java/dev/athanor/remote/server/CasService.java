package dev.athanor.remote.server;

import build.bazel.remote.execution.v2.BatchReadBlobsRequest;
import build.bazel.remote.execution.v2.BatchReadBlobsResponse;
import build.bazel.remote.execution.v2.BatchUpdateBlobsRequest;
import build.bazel.remote.execution.v2.BatchUpdateBlobsResponse;
import build.bazel.remote.execution.v2.Compressor;
import build.bazel.remote.execution.v2.ContentAddressableStorageGrpc;
import build.bazel.remote.execution.v2.FindMissingBlobsRequest;
import build.bazel.remote.execution.v2.FindMissingBlobsResponse;
import build.bazel.remote.execution.v2.GetTreeRequest;
import build.bazel.remote.execution.v2.GetTreeResponse;
import com.google.protobuf.ByteString;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.digest.Digest;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/// Blobs, many at once.
final class CasService extends ContentAddressableStorageGrpc.ContentAddressableStorageImplBase {
  /// Compressing less than that saves nothing.
  private static final int WORTH_COMPRESSING = 512;

  private final Shelf shelf;
  private final Metrics metrics;

  CasService(Shelf shelf, Metrics metrics) {
    this.shelf = shelf;
    this.metrics = metrics;
  }

  @Override
  public void findMissingBlobs(
      FindMissingBlobsRequest request, StreamObserver<FindMissingBlobsResponse> to) {
    Failures.answer(
        to,
        () -> {
          Digests.check(request.getDigestFunctionValue());
          Set<build.bazel.remote.execution.v2.Digest> all =
              new LinkedHashSet<>(request.getBlobDigestsList());
          var missing = FindMissingBlobsResponse.newBuilder();
          for (build.bazel.remote.execution.v2.Digest wire : all) {
            if (!shelf.contains(Digests.parse(wire))) {
              missing.addMissingBlobDigests(wire);
            }
          }
          return missing.build();
        });
  }

  @Override
  public void batchUpdateBlobs(
      BatchUpdateBlobsRequest request, StreamObserver<BatchUpdateBlobsResponse> to) {
    Failures.answer(
        to,
        () -> {
          Digests.check(request.getDigestFunctionValue());
          checkTotal(
              request.getRequestsList().stream()
                  .mapToLong(each -> each.getDigest().getSizeBytes()));
          var response = BatchUpdateBlobsResponse.newBuilder();
          for (BatchUpdateBlobsRequest.Request each : request.getRequestsList()) {
            response.addResponses(
                BatchUpdateBlobsResponse.Response.newBuilder()
                    .setDigest(each.getDigest())
                    .setStatus(rpc(update(each))));
          }
          return response.build();
        });
  }

  private Status update(BatchUpdateBlobsRequest.Request each) {
    try {
      Digest digest = Digests.parse(each.getDigest());
      metrics.received(each.getData().size());
      if (!shelf.contains(digest)) {
        store(digest, each);
      }
      return Status.OK;
    } catch (IOException | RuntimeException e) {
      return Failures.status(e);
    }
  }

  private void store(Digest digest, BatchUpdateBlobsRequest.Request each) throws IOException {
    try (BlobWriter writer = shelf.write()) {
      switch (each.getCompressor()) {
        case IDENTITY -> each.getData().writeTo(writer);
        case ZSTD -> {
          try (ZstdSink zstd = new ZstdSink(writer, digest.size())) {
            each.getData().writeTo(zstd);
          }
        }
        default -> throw Failures.invalid("this compressor is not supported");
      }
      writer.commit(digest);
    }
  }

  @Override
  public void batchReadBlobs(
      BatchReadBlobsRequest request, StreamObserver<BatchReadBlobsResponse> to) {
    Failures.answer(
        to,
        () -> {
          Digests.check(request.getDigestFunctionValue());
          checkTotal(
              request.getDigestsList().stream()
                  .mapToLong(build.bazel.remote.execution.v2.Digest::getSizeBytes));
          boolean zstd = request.getAcceptableCompressorsList().contains(Compressor.Value.ZSTD);
          var response = BatchReadBlobsResponse.newBuilder();
          long size = 0;
          for (build.bazel.remote.execution.v2.Digest wire : request.getDigestsList()) {
            BatchReadBlobsResponse.Response each = read(wire, zstd);
            if (!Batches.fits(size, each.getSerializedSize())) {
              each =
                  BatchReadBlobsResponse.Response.newBuilder()
                      .setDigest(wire)
                      .setStatus(rpc(Status.RESOURCE_EXHAUSTED))
                      .build();
            }
            // Each has a tag and a length too.
            size += each.getSerializedSize() + 8;
            metrics.sent(each.getData().size());
            response.addResponses(each);
          }
          return response.build();
        });
  }

  private BatchReadBlobsResponse.Response read(
      build.bazel.remote.execution.v2.Digest wire, boolean zstd) {
    var response = BatchReadBlobsResponse.Response.newBuilder().setDigest(wire);
    try {
      byte[] bytes = shelf.read(Digests.parse(wire));
      if (zstd && bytes.length >= WORTH_COMPRESSING) {
        byte[] compressed = ZstdChunks.compress(bytes);
        if (compressed.length < bytes.length) {
          response.setCompressor(Compressor.Value.ZSTD);
          bytes = compressed;
        }
      }
      return response.setData(ByteString.copyFrom(bytes)).setStatus(rpc(Status.OK)).build();
    } catch (IOException | RuntimeException e) {
      return response.setStatus(rpc(Failures.status(e))).build();
    }
  }

  @Override
  public void getTree(GetTreeRequest request, StreamObserver<GetTreeResponse> to) {
    try {
      Digest root = Digests.parse(request.getRootDigest(), request.getDigestFunctionValue());
      Pump.send(to, new TreePages(root, shelf, request.getPageSize(), request.getPageToken()));
    } catch (IOException | RuntimeException e) {
      to.onError(Failures.status(e).asRuntimeException());
    }
  }

  private static void checkTotal(java.util.stream.LongStream sizes) {
    if (sizes.map(size -> Math.clamp(size, 0, Batches.MAX_BYTES + 1)).sum() > Batches.MAX_BYTES) {
      throw Failures.invalid(
          "more than " + Batches.MAX_BYTES + " bytes at once: larger blobs go through ByteStream");
    }
  }

  private static com.google.rpc.Status rpc(Status status) {
    String message = status.getDescription();
    return com.google.rpc.Status.newBuilder()
        .setCode(status.getCode().value())
        .setMessage(message == null ? "" : message)
        .build();
  }
}
