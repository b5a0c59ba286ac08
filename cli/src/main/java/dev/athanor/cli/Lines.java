package dev.athanor.cli;

import dev.athanor.remote.Endpoint;
import dev.athanor.remote.RemoteCache;
import dev.athanor.remote.Retries;
import dev.athanor.remote.grpc.GrpcCache;
import dev.athanor.remote.grpc.GrpcConnection;
import dev.athanor.remote.http.HttpCache;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// The connections to other machines that share with this one: one for each address, made when it
/// is first used.
final class Lines implements AutoCloseable {
  private final Function<String, Endpoint> endpoints;
  private final Map<String, Endpoint> known = new HashMap<>();
  private final Map<String, GrpcConnection> connections = new HashMap<>();

  /// @param endpoints how to reach an address
  Lines(Function<String, Endpoint> endpoints) {
    this.endpoints = endpoints;
  }

  /// How an address is reached.
  synchronized Endpoint endpoint(String url) {
    return known.computeIfAbsent(url, endpoints);
  }

  synchronized GrpcConnection connection(String url) {
    return connections.computeIfAbsent(
        url, text -> new GrpcConnection(endpoint(text), VersionCommand.version()));
  }

  RemoteCache cache(String url) {
    Endpoint endpoint = endpoint(url);
    return endpoint.isGrpc()
        ? new GrpcCache(connection(url), Retries.DEFAULT)
        : new HttpCache(endpoint, Retries.DEFAULT);
  }

  @Override
  public synchronized void close() {
    connections.values().forEach(GrpcConnection::close);
  }
}
