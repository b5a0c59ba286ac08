package dev.athanor.remote.grpc;

import build.bazel.remote.execution.v2.CacheCapabilities;
import build.bazel.remote.execution.v2.Compressor;
import build.bazel.remote.execution.v2.DigestFunction;
import build.bazel.remote.execution.v2.ServerCapabilities;
import dev.athanor.remote.RemoteException;

/// What a server and we can do together.
///
/// @param batchBytes how many bytes of blobs may travel in one message
/// @param largestBlob that it takes; zero where there is no limit
/// @param zstd whether streams may be compressed
/// @param writable whether it takes results from us
record Negotiated(long batchBytes, long largestBlob, boolean zstd, boolean writable) {
  /// That of messages, when nobody says otherwise, less what goes around the blobs.
  private static final long USUAL_BATCH = (4 << 20) - (64 << 10);

  /// What to expect of a server that does not tell.
  static final Negotiated USUAL = new Negotiated(USUAL_BATCH, 0, false, true);

  /// @throws RemoteException when nothing comes of it
  static Negotiated of(ServerCapabilities server) throws RemoteException {
    CacheCapabilities cache = server.getCacheCapabilities();
    if (cache.getDigestFunctionsCount() > 0
        && !cache.getDigestFunctionsList().contains(DigestFunction.Value.SHA256)) {
      throw RemoteException.hopeless(
          "it names blobs by " + cache.getDigestFunctionsList() + ", and not by SHA256", null);
    }
    if (server.hasLowApiVersion() && server.getLowApiVersion().getMajor() > 2) {
      throw RemoteException.hopeless("it speaks no version 2 of the Remote Execution API", null);
    }
    long batch = cache.getMaxBatchTotalSizeBytes();
    return new Negotiated(
        batch <= 0 ? USUAL_BATCH : Math.min(batch, USUAL_BATCH),
        cache.getMaxCasBlobSizeBytes(),
        cache.getSupportedCompressorsList().contains(Compressor.Value.ZSTD),
        cache.getActionCacheUpdateCapabilities().getUpdateEnabled());
  }
}
