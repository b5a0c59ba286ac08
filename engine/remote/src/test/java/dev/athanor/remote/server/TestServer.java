package dev.athanor.remote.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import build.bazel.remote.execution.v2.ActionCacheGrpc;
import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.BatchUpdateBlobsRequest;
import build.bazel.remote.execution.v2.CapabilitiesGrpc;
import build.bazel.remote.execution.v2.ContentAddressableStorageGrpc;
import build.bazel.remote.execution.v2.FindMissingBlobsRequest;
import build.bazel.remote.execution.v2.GetActionResultRequest;
import build.bazel.remote.execution.v2.UpdateActionResultRequest;
import com.google.bytestream.ByteStreamGrpc;
import com.google.protobuf.ByteString;
import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.tree.Trees;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/// A server over a folder, and its clients.
final class TestServer implements AutoCloseable {
  final DiskBlobStore store;
  final CacheLayout layout;
  final CacheServer server;
  final ManagedChannel channel;
  final HttpClient http = HttpClient.newHttpClient();

  private TestServer(Path root, UnaryOperator<CacheServer.Config> config) throws IOException {
    store = DiskBlobStore.open(root);
    layout = store.layout();
    server = CacheServer.start(config.apply(CacheServer.Config.local(store)));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
  }

  static TestServer start(Path root) throws IOException {
    return start(root, config -> config);
  }

  static TestServer start(Path root, UnaryOperator<CacheServer.Config> config) throws IOException {
    return new TestServer(root, config);
  }

  CapabilitiesGrpc.CapabilitiesBlockingStub capabilities() {
    return CapabilitiesGrpc.newBlockingStub(channel);
  }

  ContentAddressableStorageGrpc.ContentAddressableStorageBlockingStub cas() {
    return ContentAddressableStorageGrpc.newBlockingStub(channel);
  }

  ActionCacheGrpc.ActionCacheBlockingStub results() {
    return ActionCacheGrpc.newBlockingStub(channel);
  }

  ByteStreamGrpc.ByteStreamBlockingStub bytes() {
    return ByteStreamGrpc.newBlockingStub(channel);
  }

  static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  /// Bytes that cannot be compressed.
  static byte[] noise(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static build.bazel.remote.execution.v2.Digest wire(byte[] bytes) {
    return Trees.wire(Digester.digest(bytes));
  }

  /// Sends a small blob.
  Digest put(byte[] bytes) {
    Digest digest = Digester.digest(bytes);
    int code =
        cas()
            .batchUpdateBlobs(
                BatchUpdateBlobsRequest.newBuilder()
                    .addRequests(
                        BatchUpdateBlobsRequest.Request.newBuilder()
                            .setDigest(Trees.wire(digest))
                            .setData(ByteString.copyFrom(bytes)))
                    .build())
            .getResponses(0)
            .getStatus()
            .getCode();
    if (code != 0) {
      throw Status.fromCodeValue(code).asRuntimeException();
    }
    return digest;
  }

  void putResult(Digest key, ActionResult result) {
    var _ =
        results()
            .updateActionResult(
                UpdateActionResultRequest.newBuilder()
                    .setActionDigest(Trees.wire(key))
                    .setActionResult(result)
                    .build());
  }

  ActionResult result(Digest key) {
    return results()
        .getActionResult(
            GetActionResultRequest.newBuilder().setActionDigest(Trees.wire(key)).build());
  }

  List<build.bazel.remote.execution.v2.Digest> missing(
      build.bazel.remote.execution.v2.Digest... digests) {
    return cas()
        .findMissingBlobs(
            FindMissingBlobsRequest.newBuilder().addAllBlobDigests(List.of(digests)).build())
        .getMissingBlobDigestsList();
  }

  static Status.Code failure(Executable call) {
    return Assertions.assertThrows(StatusRuntimeException.class, call).getStatus().getCode();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path));
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  HttpResponse<byte[]> get(String path) throws IOException {
    return send(request(path));
  }

  int put(String path, byte[] body) throws IOException {
    return send(request(path).PUT(HttpRequest.BodyPublishers.ofByteArray(body))).statusCode();
  }

  @Override
  public void close() throws IOException {
    var _ = channel.shutdownNow();
    http.shutdownNow();
    server.close();
    store.close();
  }
}
