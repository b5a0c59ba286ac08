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
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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

  /// How long a client may send or take nothing.
  static final Duration PATIENCE = Duration.ofMinutes(1);

  /// How long the answer to whether the store is well counts.
  private static final Duration HEALTH_COUNTS = Duration.ofSeconds(2);

  /// What the JDK's server goes by. Read once, when the first server of a process is made; whoever
  /// has set a property himself knows why.
  private static final Map<String, String> PROPERTIES =
      Map.of(
          // Else each answer waits for the acknowledgement of its head, for 40 ms.
          "sun.net.httpserver.nodelay", "true",
          // Each holds a descriptor, and one for a file.
          "jdk.httpserver.maxConnections", "8192",
          // Seconds. The last resort against who sends or takes next to nothing.
          "sun.net.httpserver.maxReqTime", "21600",
          "sun.net.httpserver.maxRspTime", "21600");

  private final HttpServer server;
  private final Patience patience;
  private final Access access;
  private final HttpCache cache;
  private final Health health;
  private final Stock stock;
  private final Metrics metrics;

  private HttpDoor(
      HttpServer server,
      Patience patience,
      Access access,
      Shelf shelf,
      Stock stock,
      Metrics metrics) {
    this.server = server;
    this.patience = patience;
    this.access = access;
    this.cache = new HttpCache(shelf, metrics);
    this.health = new Health(shelf::isWritable, HEALTH_COUNTS);
    this.stock = stock;
    this.metrics = metrics;
  }

  /// @param patience how long a client may send or take nothing
  static HttpDoor open(
      InetSocketAddress address,
      Optional<ServerTls> tls,
      Access access,
      Shelf shelf,
      Stock stock,
      Metrics metrics,
      Duration patience)
      throws IOException {
    PROPERTIES.forEach((name, value) -> {
      if (System.getProperty(name) == null) {
        System.setProperty(name, value);
      }
    });
    HttpServer server;
    if (tls.isPresent()) {
      HttpsServer secure = HttpsServer.create(address, 0);
      secure.setHttpsConfigurator(configurator(tls.get()));
      server = secure;
    } else {
      server = HttpServer.create(address, 0);
    }
    HttpDoor door = new HttpDoor(server, new Patience(patience), access, shelf, stock, metrics);
    server.setExecutor(door.patience);
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

  /// The JDK's server only forgets a connection for good when it is told of the failure.
  private void handle(HttpExchange exchange) throws IOException {
    patience.work();
    exchange.setStreams(
        patience.from(exchange.getRequestBody()), patience.to(exchange.getResponseBody()));
    try {
      count(exchange, answer(exchange));
    } catch (IOException | RuntimeException e) {
      int code = code(e);
      count(exchange, code);
      if (exchange.getResponseCode() >= 0) {
        throw e;
      }
      @Nullable String why = code == 500 ? "the cache failed" : e.getMessage();
      var _ = text(exchange, code, why + "\n");
    }
    // Takes what the client still sends, for the next request on the same connection.
    patience.await();
    exchange.close();
  }

  private void count(HttpExchange exchange, int code) {
    metrics.request("http " + HttpCache.kind(exchange), Integer.toString(code));
  }

  private int answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/healthz")) {
      boolean well = health.isWell();
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

  private static int code(Exception e) {
    return switch (e) {
      case Refusal refusal -> refusal.code;
      case CorruptBlobException _, IllegalArgumentException _ -> 400;
      case NoRoomException _ -> 507;
      default -> 500;
    };
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
    patience.close();
  }
}
