package dev.athanor.oci.registry;

import dev.athanor.engine.tls.Tls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Sends one request and waits for the whole answer: no retries, no redirects, no credentials.
///
/// The HTTP clients are made when first needed, because making one costs a tenth of a second that a
/// build with nothing to transfer must not pay. A connection that stays silent for too long is cut,
/// which the JDK's own timeout does not do once a body has begun.
final class Wire implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(15);

  private final RegistryConfig config;
  private final Traffic.Counter traffic = new Traffic.Counter();
  private final Semaphore permits;
  private final Optional<ProxySelector> proxies;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Tls> known = new HashMap<>();
  private final Map<Trust, HttpClient> secure = new HashMap<>();
  private @Nullable HttpClient plain;

  Wire(RegistryConfig config) {
    this.config = config;
    permits = new Semaphore(config.concurrency());
    // Before anything of the JDK's HTTP client is touched, which looks once at what it may send.
    proxies = Proxies.of(config.environment());
  }

  Traffic.Counter traffic() {
    return traffic;
  }

  /// What is known of a running exchange: silence can be told from slowness, and a broken answer
  /// from none.
  static final class Activity {
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean answered;

    void moved(long count) {
      bytes.addAndGet(count);
    }

    /// Whether the head of an answer came.
    boolean answered() {
      return answered;
    }
  }

  /// What tells clients apart: servers that are alike in this share one.
  private record Trust(Tls tls, boolean insecure) {}

  /// @param registry on whose behalf the request is sent, to itself or to a server that it named
  /// @param insecure accept any certificate
  HttpResponse<byte[]> send(
      HttpRequest request,
      BodyHandler<byte[]> handler,
      Activity activity,
      Endpoint registry,
      boolean insecure)
      throws IOException {
    HttpClient client = client(request.uri(), registry, insecure);
    BodyHandler<byte[]> noticing =
        info -> {
          activity.answered = true;
          return handler.apply(info);
        };
    acquire();
    try {
      traffic.requested();
      return await(client.sendAsync(Proxies.identified(request, client), noticing), activity);
    } finally {
      permits.release();
    }
  }

  private void acquire() throws IOException {
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private HttpResponse<byte[]> await(
      CompletableFuture<HttpResponse<byte[]>> answer, Activity activity) throws IOException {
    long seen = -1;
    while (true) {
      try {
        return answer.get(config.stall().toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        long now = activity.bytes.get();
        if (now == seen) {
          answer.cancel(true);
          throw new HttpTimeoutException(
              "nothing came for " + config.stall().toSeconds() + " seconds");
        }
        seen = now;
      } catch (InterruptedException e) {
        answer.cancel(true);
        throw interrupted();
      } catch (CancellationException e) {
        throw new InterruptedIOException("cancelled");
      } catch (ExecutionException e) {
        throw unwrapped(e.getCause());
      }
    }
  }

  private static IOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted");
  }

  private static IOException unwrapped(@Nullable Throwable cause) {
    return switch (cause) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> new IOException(cause);
    };
  }

  private synchronized HttpClient client(URI uri, Endpoint registry, boolean insecure) {
    if ("http".equals(uri.getScheme())) {
      plain = plain == null ? newClient(Optional.of(NoTls.context())) : plain;
      return plain;
    }
    return secure.computeIfAbsent(
        new Trust(tls(uri, registry), insecure),
        trust -> newClient(trust.tls().context(trust.insecure())));
  }

  /// A server that a registry sends us to is believed on the word of the registry's authorities
  /// too, as it is often kept by the same people; but it is shown no certificate that is not meant
  /// for itself.
  private Tls tls(URI uri, Endpoint registry) {
    Tls own = tls(registry.registry());
    return registry.isAt(uri) ? own : tls(Hosts.name(uri)).trusting(own.authorities());
  }

  private Tls tls(String registry) {
    return known.computeIfAbsent(registry, config::tls);
  }

  private HttpClient newClient(Optional<SSLContext> tls) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(threads);
    tls.ifPresent(builder::sslContext);
    proxies.ifPresent(builder::proxy);
    return builder.build();
  }

  /// Cuts what is still open.
  @Override
  public synchronized void close() {
    secure.values().forEach(HttpClient::shutdownNow);
    if (plain != null) {
      plain.shutdownNow();
    }
    threads.shutdownNow();
  }
}
