import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// A registry that takes everything and has nothing, for `train.sh` to publish to. Prints its port.
final class TrainingRegistry {
  public static void main(String[] args) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v2/", TrainingRegistry::answer);
    server.start();
    System.out.println(server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    int status =
        switch (exchange.getRequestMethod()) {
          case "GET" -> path.equals("/v2/") ? 200 : 404;
          case "POST", "PATCH" -> 202;
          case "PUT" -> 201;
          default -> 404;
        };
    if (status == 202) {
      exchange.getResponseHeaders().add("Location", path.replaceFirst("/uploads/.*", "/uploads/1"));
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }
}
