package dev.athanor.remote.server;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.remote.server.TestServer.failure;
import static dev.athanor.remote.server.TestServer.text;
import static dev.athanor.remote.server.TestServer.wire;
import static java.nio.charset.StandardCharsets.UTF_8;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.FindMissingBlobsRequest;
import build.bazel.remote.execution.v2.GetCapabilitiesRequest;
import build.bazel.remote.execution.v2.OutputFile;
import build.bazel.remote.execution.v2.UpdateActionResultRequest;
import com.google.bytestream.QueryWriteStatusRequest;
import dev.athanor.engine.digest.Digester;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who may do what.
final class AccessTest {
  private static final Optional<Access.Token> READ = Optional.of(Access.Token.of("reader"));
  private static final Optional<Access.Token> WRITE = Optional.of(Access.Token.of("writer"));

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({
    "both,  '',              NONE",
    "both,  Bearer wrong,    NONE",
    "both,  Bearer reader,   READ",
    "both,  bearer writer,   WRITE",
    "both,  reader,          NONE",
    "both,  Digest reader,   NONE",
    "both,  Basic %%%,       NONE",
    "write, '',              READ",
    "write, Bearer wrong,    READ",
    "write, Bearer writer,   WRITE",
    "read,  '',              NONE",
    "read,  Bearer reader,   READ",
    "none,  '',              WRITE",
  })
  void right_followsFromTheToken(String tokens, String header, Access.Right expected) {
    Access access =
        new Access(
            tokens.equals("both") || tokens.equals("read") ? READ : Optional.empty(),
            tokens.equals("both") || tokens.equals("write") ? WRITE : Optional.empty());
    assertThat(access.of(header)).isEqualTo(expected);
  }

  @Test
  void passwordOfWhateverUser_isAToken() {
    Access access = new Access(READ, WRITE);
    assertThat(access.of(basic("ci:writer"))).isEqualTo(Access.Right.WRITE);
    assertThat(access.of(basic(":reader"))).isEqualTo(Access.Right.READ);
    assertThat(access.of(basic("writer:wrong"))).isEqualTo(Access.Right.NONE);
    assertThat(access.of(null)).isEqualTo(Access.Right.NONE);
  }

  @Test
  void token_isNotShown() {
    assertThat(new Access(READ, WRITE).toString()).doesNotContain("reader");
  }

  private static String basic(String login) {
    return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8));
  }

  private static <S extends AbstractStub<S>> S with(S stub, String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  @Test
  void grpc_asksForTokens() throws IOException {
    try (TestServer server =
        TestServer.start(temp, config -> config.with(new Access(READ, WRITE)))) {
      var find = FindMissingBlobsRequest.newBuilder().addBlobDigests(wire(text("a"))).build();
      assertThat(failure(() -> server.cas().findMissingBlobs(find)))
          .isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(failure(() -> server.put(text("a")))).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(with(server.cas(), "reader").findMissingBlobs(find).getMissingBlobDigestsCount())
          .isEqualTo(1);

      var update =
          UpdateActionResultRequest.newBuilder()
              .setActionDigest(wire(text("key")))
              .setActionResult(
                  ActionResult.newBuilder()
                      .addOutputFiles(
                          OutputFile.newBuilder().setPath("a").setDigest(wire(text("a")))))
              .build();
      assertThat(failure(() -> with(server.results(), "reader").updateActionResult(update)))
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      var _ = with(server.results(), "writer").updateActionResult(update);
      var query =
          QueryWriteStatusRequest.newBuilder()
              .setResourceName("uploads/1/blobs/" + Digester.digest(text("a")))
              .build();
      assertThat(failure(() -> with(server.bytes(), "reader").queryWriteStatus(query)))
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(failure(() -> with(server.bytes(), "writer").queryWriteStatus(query)))
          .isEqualTo(Status.Code.NOT_FOUND);

      assertThat(updateEnabled(server, "reader")).isFalse();
      assertThat(updateEnabled(server, "writer")).isTrue();
    }
  }

  /// Also what nobody has thought of.
  @Test
  void grpc_letsReadersCallNothingButWhatReads() throws IOException {
    Set<String> reading = Set.of("Read", "GetTree");
    AccessInterceptor interceptor = new AccessInterceptor(new Access(Optional.empty(), WRITE));
    for (String name : List.of("Read", "GetTree", "Write", "SpliceBlob")) {
      List<Status> closed = new ArrayList<>();
      var _ =
          interceptor.interceptCall(
              call(name, closed), new Metadata(), (_, _) -> new ServerCall.Listener<>() {});
      assertThat(closed.isEmpty()).isEqualTo(reading.contains(name));
    }
  }

  private static ServerCall<byte[], byte[]> call(String name, List<Status> closed) {
    return new NoopServerCall<>() {
      @Override
      public MethodDescriptor<byte[], byte[]> getMethodDescriptor() {
        MethodDescriptor.Marshaller<byte[]> bytes =
            new MethodDescriptor.Marshaller<>() {
              @Override
              public InputStream stream(byte[] value) {
                return new ByteArrayInputStream(value);
              }

              @Override
              public byte[] parse(InputStream stream) {
                return new byte[0];
              }
            };
        return MethodDescriptor.newBuilder(bytes, bytes)
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("some.Service/" + name)
            .build();
      }

      @Override
      public void close(Status status, Metadata trailers) {
        closed.add(status);
      }
    };
  }

  private abstract static class NoopServerCall<Q, A> extends ServerCall<Q, A> {
    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(A message) {}

    @Override
    public boolean isCancelled() {
      return false;
    }
  }

  private static boolean updateEnabled(TestServer server, String token) {
    return with(server.capabilities(), token)
        .getCapabilities(GetCapabilitiesRequest.getDefaultInstance())
        .getCacheCapabilities()
        .getActionCacheUpdateCapabilities()
        .getUpdateEnabled();
  }

  @Test
  void http_asksForTokens() throws IOException {
    try (TestServer server =
        TestServer.start(temp, config -> config.with(new Access(READ, WRITE)))) {
      String path = "/cas/" + Digester.digest(text("a")).hex();
      assertThat(server.get(path).statusCode()).isEqualTo(401);
      assertThat(server.get("/metrics").statusCode()).isEqualTo(401);
      assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
      assertThat(server.put(path, text("a"))).isEqualTo(401);
      assertThat(put(server, path, "Bearer reader")).isEqualTo(403);
      assertThat(put(server, path, basic("ci:writer"))).isEqualTo(200);
      assertThat(
              server
                  .send(server.request(path).header("Authorization", "Bearer reader"))
                  .statusCode())
          .isEqualTo(200);
    }
  }

  private static int put(TestServer server, String path, String authorization) throws IOException {
    return server
        .send(
            server
                .request(path)
                .header("Authorization", authorization)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(text("a"))))
        .statusCode();
  }
}
