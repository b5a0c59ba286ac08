package dev.athanor.remote.server;

import build.bazel.remote.execution.v2.ActionCacheUpdateCapabilities;
import build.bazel.remote.execution.v2.CacheCapabilities;
import build.bazel.remote.execution.v2.CapabilitiesGrpc;
import build.bazel.remote.execution.v2.Compressor;
import build.bazel.remote.execution.v2.DigestFunction;
import build.bazel.remote.execution.v2.GetCapabilitiesRequest;
import build.bazel.remote.execution.v2.ServerCapabilities;
import build.bazel.remote.execution.v2.SymlinkAbsolutePathStrategy;
import build.bazel.semver.SemVer;
import io.grpc.stub.StreamObserver;

/// What clients may expect. Nothing is executed here.
final class CapabilitiesService extends CapabilitiesGrpc.CapabilitiesImplBase {
  @Override
  public void getCapabilities(
      GetCapabilitiesRequest request, StreamObserver<ServerCapabilities> to) {
    Failures.answer(to, CapabilitiesService::capabilities);
  }

  private static ServerCapabilities capabilities() {
    boolean writes = AccessInterceptor.RIGHT.get() == Access.Right.WRITE;
    return ServerCapabilities.newBuilder()
        .setCacheCapabilities(
            CacheCapabilities.newBuilder()
                .addDigestFunctions(DigestFunction.Value.SHA256)
                .setActionCacheUpdateCapabilities(
                    ActionCacheUpdateCapabilities.newBuilder().setUpdateEnabled(writes))
                .setMaxBatchTotalSizeBytes(Batches.MAX_BYTES)
                .setSymlinkAbsolutePathStrategy(SymlinkAbsolutePathStrategy.Value.ALLOWED)
                .addSupportedCompressors(Compressor.Value.ZSTD)
                .addSupportedBatchUpdateCompressors(Compressor.Value.ZSTD))
        .setLowApiVersion(SemVer.newBuilder().setMajor(2).setMinor(0))
        .setHighApiVersion(SemVer.newBuilder().setMajor(2).setMinor(3))
        .build();
  }
}
