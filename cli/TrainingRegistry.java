import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A registry that takes everything and has documents and small blobs that it took, for `train.sh`
/// to publish to and fetch from. Prints its port.
final class TrainingRegistry {
  private record Document(String type, byte[] bytes) {}

  private static final Map<String, Document> documents = new ConcurrentHashMap<>();

  public static void main(String[] args) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v2/", TrainingRegistry::answer);
    server.start();
    System.out.println(server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    Document known = documents.get(path);
    switch (exchange.getRequestMethod()) {
      case "GET", "HEAD" -> {
        if (known != null) {
          tell(exchange, known);
        } else {
          end(exchange, path.equals("/v2/") ? 200 : 404);
        }
      }
      case "POST", "PATCH" -> {
        exchange
            .getResponseHeaders()
            .add("Location", path.replaceFirst("/uploads/.*", "/uploads/1"));
        end(exchange, 202);
      }
      case "PUT" -> {
        if (path.contains("/manifests/")) {
          String type = exchange.getRequestHeaders().getFirst("Content-Type");
          Document document = new Document(type, body);
          documents.put(path, document);
          documents.put(path.replaceFirst("[^/]*$", "sha256:" + sha256(body)), document);
        }
        String query = exchange.getRequestURI().getQuery();
        if (query != null && query.startsWith("digest=") && body.length > 0) {
          String blob = path.replaceFirst("/uploads/.*", "/") + query.substring("digest=".length());
          documents.put(blob, new Document("application/octet-stream", body));
        }
        end(exchange, 201);
      }
      default -> end(exchange, 404);
    }
  }

  private static void tell(HttpExchange exchange, Document document) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.add("Content-Type", document.type);
    headers.add("Docker-Content-Digest", "sha256:" + sha256(document.bytes));
    boolean whole = exchange.getRequestMethod().equals("GET");
    if (!whole) {
      headers.add("Content-Length", String.valueOf(document.bytes.length));
    }
    exchange.sendResponseHeaders(200, whole ? document.bytes.length : -1);
    if (whole) {
      exchange.getResponseBody().write(document.bytes);
    }
    exchange.close();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void end(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }
}
