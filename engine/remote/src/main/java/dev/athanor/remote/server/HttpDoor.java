package dev.athanor.remote.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.athanor.engine.cas.CorruptBlobException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// The HTTP port: who may come in, and to whom.
final class HttpDoor implements AutoCloseable {
  /// What is answered instead of what was asked for.
  static final class Refusal extends IOException {
    private static final long serialVersionUID = 1;

    private final int code;

    Refusal(int code, String why) {
      super(why);
      this.code = code;
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Access access;
  private final HttpCache cache;
  private final Shelf shelf;
  private final Stock stock;
  private final Metrics metrics;

  private HttpDoor(HttpServer server, Access access, Shelf shelf, Stock stock, Metrics metrics) {
    this.server = server;
    this.access = access;
    this.cache = new HttpCache(shelf, metrics);
    this.shelf = shelf;
    this.stock = stock;
    this.metrics = metrics;
  }

  static HttpDoor open(
      InetSocketAddress address,
      Optional<ServerTls> tls,
      Access access,
      Shelf shelf,
      Stock stock,
      Metrics metrics)
      throws IOException {
    // Else each answer waits for the acknowledgement of its head, for 40 ms. Read once, when the
    // first server of a process is made.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
    HttpServer server;
    if (tls.isPresent()) {
      HttpsServer secure = HttpsServer.create(address, 0);
      secure.setHttpsConfigurator(configurator(tls.get()));
      server = secure;
    } else {
      server = HttpServer.create(address, 0);
    }
    HttpDoor door = new HttpDoor(server, access, shelf, stock, metrics);
    server.setExecutor(door.threads);
    server.createContext("/", door::handle);
    server.start();
    return door;
  }

  private static HttpsConfigurator configurator(ServerTls tls) {
    return new HttpsConfigurator(tls.context()) {
      @Override
      public void configure(HttpsParameters parameters) {
        SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
        ssl.setNeedClientAuth(tls.wantsClients());
        parameters.setSSLParameters(ssl);
      }
    };
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      int code;
      try {
        code = answer(exchange);
      } catch (IOException | RuntimeException e) {
        code = refuse(exchange, e);
      }
      metrics.request("http " + HttpCache.kind(exchange), Integer.toString(code));
    }
  }

  private int answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/healthz")) {
      boolean well = shelf.isWritable();
      return text(exchange, well ? 200 : 503, well ? "ok\n" : "the store cannot be written to\n");
    }
    Access.Right right = access.of(exchange.getRequestHeaders().getFirst("Authorization"));
    if (right == Access.Right.NONE) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"cache\"");
      throw new Refusal(401, "this cache wants a token");
    }
    if (path.equals("/metrics")) {
      return text(exchange, 200, metrics.text(stock));
    }
    return cache.answer(exchange, path, right);
  }

  /// Tells why there is no answer, if its head has not been sent.
  private static int refuse(HttpExchange exchange, Exception e) throws IOException {
    int code =
        switch (e) {
          case Refusal refusal -> refusal.code;
          case CorruptBlobException _, IllegalArgumentException _ -> 400;
          case NoRoomException _ -> 507;
          default -> 500;
        };
    if (exchange.getResponseCode() < 0) {
      @Nullable String why = code == 500 ? "the cache failed" : e.getMessage();
      var _ = text(exchange, code, why + "\n");
    }
    return code;
  }

  private static int text(HttpExchange exchange, int code, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(code, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
    return code;
  }

  /// Lets what is being answered come to its end, for a moment.
  @Override
  public void close() {
    server.stop(1);
    threads.shutdownNow();
  }
}
