package dev.athanor.remote.server;

import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.remote.GrpcLogs;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A cache for others, on two ports: one for the Remote Execution API, one for HTTP.
///
/// All instances are the same: any name is accepted, and all see one store.
public final class CacheServer implements AutoCloseable {
  /// How long calls may take to end when the server does.
  private static final long DRAIN_SECONDS = 5;

  private final Server grpc;
  private final HttpDoor http;
  private final Stock stock;
  private final Uploads uploads;
  private final ExecutorService threads;

  private CacheServer(
      Server grpc, HttpDoor http, Stock stock, Uploads uploads, ExecutorService threads) {
    this.grpc = grpc;
    this.http = http;
    this.stock = stock;
    this.uploads = uploads;
    this.threads = threads;
  }

  /// How to serve.
  ///
  /// @param store what is served; the caller closes it, after the server
  /// @param host the address to listen on
  /// @param grpcPort zero for one that is free
  /// @param httpPort zero for one that is free
  /// @param notices hears of what goes wrong without any client to tell
  public record Config(
      DiskBlobStore store,
      String host,
      int grpcPort,
      int httpPort,
      Access access,
      Optional<Tls> tls,
      Bound bound,
      Consumer<String> notices) {
    /// For everybody on this machine, on free ports, without a bound.
    public static Config local(DiskBlobStore store) {
      return new Config(
          store, "127.0.0.1", 0, 0, Access.OPEN, Optional.empty(), Bound.NONE, _ -> {});
    }

    public Config with(Access other) {
      return new Config(store, host, grpcPort, httpPort, other, tls, bound, notices);
    }

    public Config with(Tls other) {
      return new Config(
          store, host, grpcPort, httpPort, access, Optional.of(other), bound, notices);
    }

    public Config with(Bound other) {
      return new Config(store, host, grpcPort, httpPort, access, tls, other, notices);
    }
  }

  /// PEM files.
  ///
  /// @param key of the certificate, in PKCS #8 form
  /// @param clientAuthority who must have signed the certificates of clients; without it they need
  ///   none
  public record Tls(Path certificate, Path key, Optional<Path> clientAuthority) {}

  /// Begins to serve.
  ///
  /// @throws UserException when a port or a certificate cannot be used
  public static CacheServer start(Config config) throws IOException {
    GrpcLogs.silence();
    Metrics metrics = new Metrics();
    Stock stock = new Stock(config.store(), config.bound(), config.notices());
    Duration noted = config.bound().grace().dividedBy(10);
    Shelf shelf = new Shelf(config.store(), stock, metrics, noted);
    Uploads uploads = new Uploads(stock, Uploads.PATIENCE);
    Optional<ServerTls> tls = config.tls().map(ServerTls::of);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    Server grpc =
        builder(config, tls.map(ServerTls::credentials).orElse(InsecureServerCredentials.create()))
            .executor(threads)
            .addService(new CapabilitiesService())
            .addService(new ActionCacheService(shelf, metrics))
            .addService(new CasService(shelf, metrics))
            .addService(new ByteStreamService(shelf, uploads, metrics))
            .intercept(new AccessInterceptor(config.access()))
            .intercept(new CountingInterceptor(metrics))
            .build();
    try {
      grpc.start();
    } catch (IOException e) {
      threads.shutdownNow();
      throw unusable(config.host(), config.grpcPort(), e);
    }
    HttpDoor http;
    try {
      InetSocketAddress address = address(config.host(), config.httpPort());
      http = HttpDoor.open(address, tls, config.access(), shelf, stock, metrics, HttpDoor.PATIENCE);
    } catch (IOException e) {
      grpc.shutdownNow();
      threads.shutdownNow();
      throw unusable(config.host(), config.httpPort(), e);
    }
    CacheServer server = new CacheServer(grpc, http, stock, uploads, threads);
    try {
      stock.start();
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
    return server;
  }

  private static NettyServerBuilder builder(Config config, ServerCredentials credentials) {
    return NettyServerBuilder.forAddress(address(config.host(), config.grpcPort()), credentials)
        .maxInboundMessageSize(Batches.MAX_INCOMING)
        .flowControlWindow(Batches.WINDOW)
        .withChildOption(
            ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(Batches.READ / 16, Batches.READ / 4, Batches.READ))
        // Clients that are patient ask whether we are still there.
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        // And so do we: a client whose machine went away holds an upload.
        .keepAliveTime(2, TimeUnit.MINUTES);
  }

  private static InetSocketAddress address(String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new UserException("there is no address for the host '" + host + "'");
    }
    return address;
  }

  private static UserException unusable(String host, int port, IOException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new UserException(
        "cannot listen on " + host + ", port " + port + ": " + cause.getMessage(),
        "another program may have it: choose another port, or 0 for one that is free",
        e);
  }

  public int grpcPort() {
    return grpc.getPort();
  }

  public int httpPort() {
    return http.port();
  }

  /// Takes no more calls, and waits a moment for those that there are.
  @Override
  public void close() throws IOException {
    stock.close();
    var _ = grpc.shutdown();
    http.close();
    try {
      var _ = grpc.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
      var _ = grpc.shutdownNow();
      var _ = grpc.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      var _ = grpc.shutdownNow();
      Thread.currentThread().interrupt();
    }
    threads.shutdownNow();
    uploads.close();
  }
}
