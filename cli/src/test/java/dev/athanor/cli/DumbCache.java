package dev.athanor.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// A cache that keeps whatever it is given under whatever name, and knows nothing of what it is.
final class DumbCache implements AutoCloseable {
  final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final HttpServer server;
  private volatile boolean full;

  private DumbCache(HttpServer server) {
    this.server = server;
  }

  static DumbCache start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    DumbCache cache = new DumbCache(server);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", cache::answer);
    server.start();
    return cache;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// Takes nothing from now on.
  void fill() {
    full = true;
  }

  /// Loses the files whose names are so.
  void lose(Predicate<String> names) {
    files.keySet().removeIf(names);
  }

  /// Changes the files whose names are so.
  void change(Predicate<String> names, UnaryOperator<byte[]> change) {
    files.replaceAll((name, bytes) -> names.test(name) ? change.apply(bytes) : bytes);
  }

  List<String> results() {
    return files.keySet().stream().filter(name -> name.startsWith("/ac/")).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] sent = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestMethod().equals("PUT")) {
        if (!full) {
          files.put(path, sent);
        }
        exchange.sendResponseHeaders(full ? 507 : 201, -1);
        return;
      }
      byte[] file = files.get(path);
      if (file == null) {
        exchange.sendResponseHeaders(404, -1);
      } else if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(200, -1);
      } else {
        exchange.sendResponseHeaders(200, file.length == 0 ? -1 : file.length);
        exchange.getResponseBody().write(file);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
