package dev.athanor.oci.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.ByteStreams;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A registry on the loopback, on a free port, that only gives: images straight out of a store, to
/// runtimes of this machine that then ask for nothing but what they lack.
public final class ImageServer implements AutoCloseable {
  private static final Pattern PATH = Pattern.compile("/v2/(.+)/(manifests|blobs)/([^/]+)");
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private final HttpServer server;
  private final BlobStore store;
  private final Supplier<RegistryClient> client;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final PlainDoor door;
  private final Map<String, ServedImage> images = new ConcurrentHashMap<>();

  private ImageServer(
      InetAddress address, HttpServer server, BlobStore store, Supplier<RegistryClient> client)
      throws IOException {
    this.server = server;
    this.store = store;
    this.client = client;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
    try {
      door = PlainDoor.open(address, server.getAddress(), threads);
    } catch (IOException e) {
      server.stop(0);
      throw e;
    }
  }

  /// @param client for blobs that are not in `store`; not asked for before there is one
  public static ImageServer start(BlobStore store, Supplier<RegistryClient> client)
      throws IOException {
    InetAddress loopback = InetAddress.getByAddress(LOOPBACK);
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    return new ImageServer(loopback, server, store, client);
  }

  /// Begins to serve an image, in a repository of its own.
  ///
  /// @param path of the repository
  /// @param origins for blobs that may be absent from the store: the repository that has them
  /// @throws dev.athanor.engine.cas.MissingBlobException when anything else is absent
  public ServedImage serve(String path, Descriptor root, Map<Digest, Repository> origins)
      throws IOException {
    Repository repository = new Repository("127.0.0.1:" + door.port(), path);
    ServedImage image = new ServedImage(repository, root, origins, store, client);
    images.put(path, image);
    return image;
  }

  /// Cuts all connections.
  @Override
  public void close() throws IOException {
    try {
      door.close();
    } finally {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Docker-Distribution-Api-Version", "registry/2.0");
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        refuse(exchange, 405, "UNSUPPORTED", "this registry only gives");
        return;
      }
      String path = exchange.getRequestURI().getPath();
      if (path.equals("/v2/") || path.equals("/v2")) {
        send(exchange, 200, "application/json", "{}".getBytes(UTF_8));
        return;
      }
      answer(exchange, PATH.matcher(path));
    }
  }

  private void answer(HttpExchange exchange, Matcher path) throws IOException {
    @Nullable ServedImage image = path.matches() ? images.get(path.group(1)) : null;
    if (image == null) {
      refuse(exchange, 404, "NAME_UNKNOWN", "there is no such repository");
      return;
    }
    if (path.group(2).equals("manifests")) {
      document(exchange, image, path.group(3));
    } else {
      blob(exchange, image, path.group(3));
    }
  }

  private static void document(HttpExchange exchange, ServedImage image, String name)
      throws IOException {
    @Nullable ImageDocument document = image.document(name).orElse(null);
    if (document == null) {
      refuse(exchange, 404, "MANIFEST_UNKNOWN", "there is no such manifest");
      return;
    }
    named(exchange, document.digest());
    image.sent(send(exchange, 200, document.mediaType(), document.bytes()));
  }

  private void blob(HttpExchange exchange, ServedImage image, String name) throws IOException {
    @Nullable Digest blob = image.blob(name).orElse(null);
    if (blob == null) {
      refuse(exchange, 404, "BLOB_UNKNOWN", "there is no such blob");
      return;
    }
    named(exchange, blob);
    exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
    if (exchange.getRequestMethod().equals("HEAD")) {
      head(exchange, 200, "application/octet-stream", blob.size());
      return;
    }
    ByteRange range = ByteRange.of(exchange.getRequestHeaders().getFirst("Range"), blob.size());
    if (range.isBeyond(blob.size())) {
      exchange.getResponseHeaders().set("Content-Range", "bytes */" + blob.size());
      refuse(exchange, 416, "RANGE_INVALID", "the blob is shorter");
      return;
    }
    image.wanted(blob);
    try (InputStream in = open(image, blob)) {
      in.skipNBytes(range.from());
      stream(exchange, image, in, range, blob.size());
    } catch (Unavailable e) {
      image.failed(e.reason());
      // Whoever asks is not to try again: that was done.
      refuse(exchange, 403, "DENIED", String.valueOf(e.getMessage()));
    }
  }

  /// A blob that cannot be had.
  private static final class Unavailable extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Exception reason;

    Unavailable(Exception reason) {
      super(reason.getMessage(), reason);
      this.reason = reason;
    }

    Exception reason() {
      return reason;
    }
  }

  private InputStream open(ServedImage image, Digest blob) throws Unavailable {
    try {
      image.bring(blob);
      return store.open(blob);
    } catch (IOException | RuntimeException e) {
      throw new Unavailable(e);
    }
  }

  private static void stream(
      HttpExchange exchange, ServedImage image, InputStream in, ByteRange range, long size)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/octet-stream");
    boolean whole = range.length() == size;
    if (!whole) {
      headers.set(
          "Content-Range",
          "bytes " + range.from() + "-" + (range.from() + range.length() - 1) + "/" + size);
    }
    exchange.sendResponseHeaders(whole ? 200 : 206, range.length() == 0 ? -1 : range.length());
    if (range.length() > 0) {
      image.sent(ByteStreams.limit(in, range.length()).transferTo(exchange.getResponseBody()));
    }
  }

  private static void named(HttpExchange exchange, Digest digest) {
    exchange.getResponseHeaders().set("Docker-Content-Digest", OciDigest.of(digest).toString());
  }

  private static void refuse(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    send(exchange, status, "application/json", new ErrorBody(code, message).bytes());
  }

  /// Answers with all of `body`, or with its head alone where only that was asked for.
  ///
  /// @return how many bytes of the body were sent
  private static long send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      head(exchange, status, type, body.length);
      return 0;
    }
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    return body.length;
  }

  private static void head(HttpExchange exchange, int status, String type, long length)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Content-Length", String.valueOf(length));
    exchange.sendResponseHeaders(status, -1);
  }
}
