package dev.athanor.remote.http;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.Directory;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.concurrent.Parallel;
import dev.athanor.engine.concurrent.Room;
import dev.athanor.engine.digest.Digest;
import dev.athanor.remote.Endpoint;
import dev.athanor.remote.RemoteCache;
import dev.athanor.remote.RemoteException;
import dev.athanor.remote.Retries;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A cache that speaks HTTP: whatever serves and takes files below an address.
public final class HttpCache implements RemoteCache {
  /// How many requests are under way at once; each has a connection of its own. Those that send
  /// wait for one another and for no others.
  private static final int REQUESTS = 48;

  private static final int PUTS = 16;

  /// No result is larger.
  private static final long LARGEST_RESULT = 64 << 20;

  private static final int BUFFER = 256 << 10;
  private static final int NOT_FOUND = 404;

  private final Endpoint endpoint;
  private final Retries retries;
  private final HttpClient client;
  private final Room requests = new Room(REQUESTS);
  private final Room puts = new Room(PUTS);

  /// @throws dev.athanor.engine.UserException when its certificates cannot be used
  public HttpCache(Endpoint endpoint, Retries retries) {
    this.endpoint = endpoint;
    this.retries = retries;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(endpoint.patience())
            .executor(Thread::startVirtualThread);
    endpoint.tls().context(false).ifPresent(builder::sslContext);
    this.client = builder.build();
  }

  /// Most such caches can say of one blob only, at the price of a journey.
  @Override
  public boolean isWhole() {
    return true;
  }

  /// Nobody can tell beforehand.
  @Override
  public boolean takesResults() {
    return true;
  }

  @Override
  public Set<Digest> missing(Set<Digest> digests) throws IOException {
    Set<Digest> missing = ConcurrentHashMap.newKeySet();
    Parallel.forEach(
        digests,
        digest -> {
          int code =
              retrying(
                  HttpRequest.newBuilder(blob(digest)).method("HEAD", BodyPublishers.noBody()),
                  response -> response.statusCode());
          if (code == NOT_FOUND) {
            missing.add(digest);
          }
        });
    return missing;
  }

  @Override
  public void read(Digest digest, OutputStream to) throws IOException {
    Counted counted = new Counted(to);
    var _ =
        retries.run(
            () -> counted.count,
            () -> {
              readOn(digest, counted);
              return digest;
            });
  }

  private void readOn(Digest digest, Counted to) throws IOException {
    long done = to.count;
    HttpRequest.Builder request = HttpRequest.newBuilder(blob(digest)).GET();
    if (done > 0) {
      request.header("Range", "bytes=" + done + "-");
    }
    int code =
        exchange(
            request,
            response -> {
              if (response.statusCode() / 100 == 2) {
                // Whoever does not know of ranges begins anew.
                copy(response.body(), response.statusCode() == 206 ? 0 : done, digest, to);
              }
              return response.statusCode();
            });
    if (code == NOT_FOUND) {
      throw new MissingBlobException(digest);
    }
  }

  private void copy(InputStream body, long skipped, Digest digest, Counted to) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long skip = skipped;
    try (StallGuard in = new StallGuard(body, endpoint.patience())) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        int from = (int) Math.min(skip, count);
        skip -= from;
        to.write(buffer, from, count - from);
        if (to.count > digest.size()) {
          throw RemoteException.particular("more bytes came than the blob has", null);
        }
      }
    }
    if (to.count < digest.size()) {
      throw RemoteException.trouble("the body ended after " + to.count + " bytes", null);
    }
  }

  @Override
  public Map<Digest, byte[]> read(Collection<Digest> digests) throws IOException {
    Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
    Parallel.forEach(
        digests,
        digest -> {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          try {
            read(digest, bytes);
            blobs.put(digest, bytes.toByteArray());
          } catch (MissingBlobException e) {
            // Absent.
          }
        });
    return blobs;
  }

  @Override
  public List<Directory> tree(Digest root) {
    return List.of();
  }

  @Override
  public void write(Collection<Digest> digests, BlobStore from) throws IOException {
    Parallel.forEach(
        digests,
        digest -> {
          if (!from.contains(digest)) {
            throw new MissingBlobException(digest);
          }
          AtomicLong progress = new AtomicLong();
          put(blob(digest), body(digest, from, progress), progress);
        });
  }

  private static BodyPublisher body(Digest digest, BlobStore from, AtomicLong progress) {
    BodyPublisher stream =
        BodyPublishers.ofInputStream(() -> {
          try {
            return new Watched(from.open(digest), progress);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    // Some servers want to know the size beforehand, and no publisher takes an empty one.
    return digest.size() == 0
        ? BodyPublishers.noBody()
        : BodyPublishers.fromPublisher(stream, digest.size());
  }

  @Override
  public Optional<ActionResult> result(Digest key) throws IOException {
    Optional<byte[]> bytes =
        retrying(
            HttpRequest.newBuilder(result(key.hex())).GET(),
            response ->
                response.statusCode() / 100 == 2
                    ? Optional.of(small(response.body()))
                    : Optional.empty());
    try {
      return bytes.isPresent()
          ? Optional.of(ActionResult.parseFrom(bytes.get()))
          : Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private byte[] small(InputStream body) throws IOException {
    try (StallGuard in = new StallGuard(body, endpoint.patience())) {
      byte[] bytes = in.readNBytes((int) LARGEST_RESULT);
      if (in.read() >= 0) {
        throw RemoteException.particular(
            "a result of more than " + LARGEST_RESULT + " bytes", null);
      }
      return bytes;
    }
  }

  @Override
  public void putResult(Digest key, ActionResult result) throws IOException {
    put(result(key.hex()), BodyPublishers.ofByteArray(result.toByteArray()), new AtomicLong());
  }

  /// @param progress how much of the body went out
  private void put(URI uri, BodyPublisher body, AtomicLong progress) throws IOException {
    int code =
        retries.run(() ->
            exchange(
                puts, HttpRequest.newBuilder(uri).PUT(body), progress, HttpResponse::statusCode));
    if (code == NOT_FOUND) {
      throw RemoteException.hopeless("it takes nothing: " + code, null);
    }
  }

  private URI blob(Digest digest) {
    return below("cas/" + digest.hex());
  }

  private URI result(String hex) {
    return below("ac/" + hex);
  }

  private URI below(String path) {
    String base = endpoint.uri().toString();
    return URI.create(base.endsWith("/") ? base + path : base + "/" + path);
  }

  /// What to make of a response whose status is good, or 404.
  private interface Use<T> {
    T of(HttpResponse<InputStream> response) throws IOException;
  }

  private <T> T retrying(HttpRequest.Builder request, Use<T> use) throws IOException {
    return retries.run(() -> exchange(request, use));
  }

  private <T> T exchange(HttpRequest.Builder request, Use<T> use) throws IOException {
    return exchange(requests, request, new AtomicLong(), use);
  }

  private <T> T exchange(Room room, HttpRequest.Builder request, AtomicLong progress, Use<T> use)
      throws IOException {
    return room.in(() -> {
      headers(false).forEach(request::setHeader);
      HttpResponse<InputStream> response = send(request.copy().build(), progress);
      try (InputStream _ = response.body()) {
        check(response.statusCode());
        return use.of(response);
      }
    });
  }

  private Map<String, String> headers(boolean fresh) throws RemoteException {
    try {
      return endpoint.headers().get(fresh);
    } catch (IOException e) {
      throw RemoteException.hopeless(String.valueOf(e.getMessage()), e);
    }
  }

  /// Waits as long as something moves. A timeout of the request would be one for its whole body.
  private HttpResponse<InputStream> send(HttpRequest request, AtomicLong progress)
      throws IOException {
    var sent = client.sendAsync(request, BodyHandlers.ofInputStream());
    long before = 0;
    while (true) {
      try {
        return sent.get(endpoint.patience().toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        long now = progress.get();
        if (now == before) {
          sent.cancel(true);
          // Whoever has waited that long should not wait once more.
          throw RemoteException.hopeless(
              "no answer for " + endpoint.patience().toSeconds() + " seconds", e);
        }
        before = now;
      } catch (InterruptedException e) {
        sent.cancel(true);
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      } catch (ExecutionException e) {
        throw RemoteException.trouble(reason(e.getCause()), e);
      }
    }
  }

  private static String reason(@Nullable Throwable cause) {
    String message = cause == null ? null : cause.getMessage();
    return message == null ? String.valueOf(cause) : message;
  }

  private void check(int code) throws IOException {
    if (code / 100 == 2 || code == NOT_FOUND) {
      return;
    }
    String text = "status " + code;
    if (code == 401 && endpoint.headers().renewable()) {
      // What was refused may have grown old; the next attempt brings what is new.
      var _ = headers(true);
      throw RemoteException.trouble(text, null);
    }
    throw switch (code) {
      case 400, 411, 413, 416 -> RemoteException.particular(text, null);
      case 408, 429 -> RemoteException.trouble(text, null);
      case 507 -> RemoteException.hopeless(text, null);
      default ->
          code >= 500 ? RemoteException.trouble(text, null) : RemoteException.hopeless(text, null);
    };
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  /// Counts what is taken from it.
  private static final class Watched extends FilterInputStream {
    private final AtomicLong taken;

    Watched(InputStream in, AtomicLong taken) {
      super(in);
      this.taken = taken;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int count = super.read(bytes, from, length);
      taken.addAndGet(Math.max(0, count));
      return count;
    }
  }

  /// Counts what goes through.
  private static final class Counted extends OutputStream {
    private final OutputStream out;
    private long count;

    Counted(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      count += length;
    }
  }
}
