package dev.athanor.remote.grpc;

import build.bazel.remote.execution.v2.RequestMetadata;
import build.bazel.remote.execution.v2.ToolDetails;
import dev.athanor.engine.UserException;
import dev.athanor.engine.tls.Tls;
import dev.athanor.remote.Endpoint;
import dev.athanor.remote.GrpcLogs;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/// One connection to a server of the Remote Execution API. Begins when the first call is made, and
/// begins anew by itself when it breaks. Safe for use by many threads.
public final class GrpcConnection implements AutoCloseable {
  /// How much may be on its way in one stream before its reader has asked for more.
  private static final int WINDOW = 8 << 20;

  /// How much is taken from the socket at once, if there is as much.
  private static final int READ = 1 << 20;

  /// After how much silence to see whether the other end is still there, while an action runs.
  /// Servers take it ill more often.
  private static final Duration KEPT_ALIVE = Duration.ofMinutes(5);

  /// No batch that we ask for is larger.
  private static final int LARGEST_MESSAGE = 64 << 20;

  private static final Metadata.Key<RequestMetadata> METADATA =
      Metadata.Key.of(
          "build.bazel.remote.execution.v2.requestmetadata-bin",
          ProtoUtils.metadataMarshaller(RequestMetadata.getDefaultInstance()));

  private final Endpoint endpoint;
  private final ManagedChannel managed;
  private final Channel channel;

  /// @param version of this program, which servers may log
  /// @throws UserException when its certificates cannot be used
  public GrpcConnection(Endpoint endpoint, String version) {
    this.endpoint = endpoint;
    GrpcLogs.silence();
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(endpoint.uri().getHost(), endpoint.port())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .withOption(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                (int) Math.min(Integer.MAX_VALUE, endpoint.patience().toMillis()))
            .keepAliveTime(KEPT_ALIVE.toSeconds(), TimeUnit.SECONDS)
            .withOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(READ / 16, READ / 4, READ))
            .flowControlWindow(WINDOW)
            .maxInboundMessageSize(LARGEST_MESSAGE);
    if (endpoint.isEncrypted()) {
      builder.sslContext(tls(endpoint.tls()));
    } else {
      builder.usePlaintext();
    }
    managed = builder.build();
    Metadata metadata = new Metadata();
    metadata.put(METADATA, metadata(version));
    channel =
        ClientInterceptors.intercept(
            managed,
            MetadataUtils.newAttachHeadersInterceptor(metadata),
            new HeaderInterceptor(endpoint.headers()));
  }

  private static RequestMetadata metadata(String version) {
    return RequestMetadata.newBuilder()
        .setToolDetails(ToolDetails.newBuilder().setToolName("athanor").setToolVersion(version))
        .setToolInvocationId(UUID.randomUUID().toString())
        .build();
  }

  private static SslContext tls(Tls tls) {
    try {
      SslContextBuilder builder = GrpcSslContexts.forClient();
      for (TrustManager manager : tls.trust()) {
        builder.trustManager(manager);
      }
      for (KeyManager manager : tls.keys()) {
        builder.keyManager(manager);
      }
      return builder.build();
    } catch (SSLException e) {
      throw new UserException("cannot use the TLS certificates: " + e.getMessage(), "", e);
    }
  }

  /// What calls go through.
  public Channel channel() {
    return channel;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /// Whether it stays on this machine.
  boolean isLocal() {
    return endpoint.isLocal();
  }

  /// Lets a call try to connect at once that would otherwise wait for a pause to end.
  void hurry() {
    managed.resetConnectBackoff();
  }

  @Override
  public void close() {
    managed.shutdownNow();
  }
}
