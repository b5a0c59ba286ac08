package dev.athanor.cli;

import dev.athanor.engine.concurrent.Lazy;
import dev.athanor.remote.Endpoint;
import dev.athanor.remote.RemoteCache;
import dev.athanor.remote.Retries;
import dev.athanor.remote.grpc.GrpcCache;
import dev.athanor.remote.grpc.GrpcConnection;
import dev.athanor.remote.http.HttpCache;

/// The way to another machine that shares with this one. Nobody goes it before there is something
/// to ask: what it takes costs half a second to start.
final class Line implements AutoCloseable {
  private final Endpoint endpoint;
  private final Lazy<GrpcConnection> connection;

  Line(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.connection = Lazy.of(() -> new GrpcConnection(endpoint, VersionCommand.version()));
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /// Where it speaks gRPC.
  GrpcConnection connection() {
    return connection.get();
  }

  RemoteCache cache() {
    return endpoint.isGrpc()
        ? new GrpcCache(connection(), Retries.DEFAULT)
        : new HttpCache(endpoint, Retries.DEFAULT);
  }

  @Override
  public void close() {
    GrpcConnection made = connection.peek();
    if (made != null) {
      made.close();
    }
  }
}
