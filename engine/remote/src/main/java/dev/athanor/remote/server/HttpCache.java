package dev.athanor.remote.server;

import build.bazel.remote.execution.v2.ActionResult;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import dev.athanor.engine.cas.BlobWriter;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The protocol of Bazel's HTTP caches: `ac/{hash}` and `cas/{hash}`, below whatever path.
final class HttpCache {
  private static final Pattern PATH = Pattern.compile("(?:/.*)?/(ac|cas)/([0-9a-f]{64})");

  /// No result is larger.
  private static final int MAX_RESULT = Batches.MAX_INCOMING;

  private final Shelf shelf;
  private final Metrics metrics;

  HttpCache(Shelf shelf, Metrics metrics) {
    this.shelf = shelf;
    this.metrics = metrics;
  }

  /// What kind of request it is, one of a few.
  static String kind(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    String known =
        switch (method) {
          case "GET", "HEAD", "PUT" -> method;
          default -> "other";
        };
    Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
    return path.matches() ? known + " " + path.group(1) : known;
  }

  /// @return the code of the answer
  int answer(HttpExchange exchange, String path, Access.Right right) throws IOException {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      throw new HttpDoor.Refusal(404, "only /ac/{sha256} and /cas/{sha256} are here");
    }
    boolean result = matcher.group(1).equals("ac");
    Sha256 hash = Sha256.parse(matcher.group(2));
    switch (exchange.getRequestMethod()) {
      case "GET", "HEAD" -> {
        if (result) {
          giveResult(exchange, hash);
        } else {
          giveBlob(exchange, hash);
        }
      }
      case "PUT" -> {
        if (right != Access.Right.WRITE) {
          throw new HttpDoor.Refusal(403, "only reading is allowed without the token for writing");
        }
        if (result) {
          takeResult(exchange, hash);
        } else {
          takeBlob(exchange, hash);
        }
        exchange.sendResponseHeaders(200, -1);
      }
      default -> {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD, PUT");
        throw new HttpDoor.Refusal(405, "only GET, HEAD and PUT are understood");
      }
    }
    return 200;
  }

  private void giveResult(HttpExchange exchange, Sha256 key) throws IOException {
    ByteString bytes = shelf.result(key).orElseThrow(HttpCache::missing).bytes();
    if (head(exchange, bytes.size())) {
      bytes.writeTo(exchange.getResponseBody());
      metrics.sent(bytes.size());
    }
  }

  private void giveBlob(HttpExchange exchange, Sha256 hash) throws IOException {
    Optional<Digest> found = shelf.find(hash);
    if (found.isEmpty()) {
      metrics.miss(Metrics.Store.BLOBS);
      throw missing();
    }
    long size = found.get().size();
    if (exchange.getRequestMethod().equals("HEAD") || size == 0) {
      metrics.hit(Metrics.Store.BLOBS);
      var _ = head(exchange, size);
      return;
    }
    InputStream in;
    try {
      in = shelf.open(found.get());
    } catch (MissingBlobException e) {
      throw missing();
    }
    try (in) {
      var _ = head(exchange, size);
      metrics.sent(in.transferTo(exchange.getResponseBody()));
    }
  }

  /// @return whether a body is to follow
  private static boolean head(HttpExchange exchange, long length) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
    boolean body = length > 0 && !exchange.getRequestMethod().equals("HEAD");
    if (!body) {
      exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
    }
    exchange.sendResponseHeaders(200, body ? length : -1);
    return body;
  }

  private void takeResult(HttpExchange exchange, Sha256 key) throws IOException {
    byte[] bytes = exchange.getRequestBody().readNBytes(MAX_RESULT + 1);
    if (bytes.length > MAX_RESULT) {
      throw new HttpDoor.Refusal(413, "no result is that large");
    }
    try {
      ActionCacheService.check(ActionResult.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("this is no ActionResult", e);
    }
    shelf.putResult(key, bytes);
    metrics.received(bytes.length);
  }

  private void takeBlob(HttpExchange exchange, Sha256 hash) throws IOException {
    InputStream in = exchange.getRequestBody();
    String length = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Length"));
    Optional<Digest> found = shelf.find(hash);
    // One of another length is damaged, and about to be mended.
    if (found.isPresent() && length.equals(Long.toString(found.get().size()))) {
      metrics.received(in.transferTo(OutputStream.nullOutputStream()));
      return;
    }
    // Only the hash is known beforehand; how many bytes it stands for is as many as come.
    try (BlobWriter writer = shelf.write()) {
      long size = in.transferTo(writer);
      metrics.received(size);
      writer.commit(new Digest(hash, size));
    }
  }

  private static HttpDoor.Refusal missing() {
    return new HttpDoor.Refusal(404, "not in this cache");
  }
}
