package dev.athanor.oci.registry;

import dev.athanor.oci.registry.Wire.Activity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;

/// Brings calls to registries and answers back: finds the address, authenticates when asked to, and
/// follows redirects without ever showing a credential to another server.
final class Session {
  private static final Duration TRIAL = Duration.ofSeconds(5);

  private final RegistryConfig config;
  private final Wire wire;
  private final Credentials credentials;
  private final Map<String, Endpoint> endpoints;
  private final Map<String, Authorizer> authorizers = new ConcurrentHashMap<>();
  private final Warnings warnings;

  Session(RegistryConfig config, Credentials credentials) {
    this(
        config,
        new Wire(config),
        credentials,
        new ConcurrentHashMap<>(),
        new Warnings(config.warnings()));
  }

  private Session(
      RegistryConfig config,
      Wire wire,
      Credentials credentials,
      Map<String, Endpoint> endpoints,
      Warnings warnings) {
    this.config = config;
    this.wire = wire;
    this.credentials = credentials;
    this.endpoints = endpoints;
    this.warnings = warnings;
  }

  /// Another identity over the same connections.
  Session with(Credentials credentials) {
    return new Session(config, wire, credentials, endpoints, warnings);
  }

  RegistryConfig config() {
    return config;
  }

  Wire wire() {
    return wire;
  }

  RetryBudget newBudget() {
    return new RetryBudget(config.retries(), config.pacer(), wire.traffic());
  }

  /// Sends a call whose answer is small, again and again while the trouble may pass.
  ///
  /// @param limit the most bytes to accept as an answer
  /// @throws RegistryException when no answer is to be had
  Reply call(Call call, int limit) throws IOException {
    RetryBudget budget = newBudget();
    while (true) {
      try {
        Reply reply = attempt(call, info -> small(info, limit), new Activity());
        if (!budget.mayRetry(reply)) {
          return reply;
        }
      } catch (Bodies.TooLongException e) {
        throw RegistryException.wrong(
            call.wanted(), "the answer is larger than " + limit + " bytes");
      } catch (IOException e) {
        if (!budget.mayRetry(e)) {
          throw network(call, e);
        }
      }
    }
  }

  private static BodySubscriber<byte[]> small(ResponseInfo info, int limit) {
    boolean ok = info.statusCode() >= 200 && info.statusCode() < 300;
    return ok ? Bodies.limited(limit) : Bodies.excerpt();
  }

  /// Whether another server than the registry gave the answer, after a redirect.
  boolean isForeign(Call call, Reply reply) {
    return !Hosts.sameOrigin(reply.uri(), endpoint(call).base());
  }

  RegistryException network(Call call, IOException e) {
    return RegistryException.network(call.wanted(), endpoint(call).host(), e);
  }

  /// Sends a call once, as soon as its registry wants to hear of us again.
  Reply attempt(Call call, BodyHandler<byte[]> handler, Activity activity) throws IOException {
    refuseBlocked(call);
    Endpoint endpoint = endpoint(call);
    Duration quiet = endpoint.quiet(config.pacer().now());
    if (!quiet.isZero()) {
      RetryBudget.sleep(config.pacer(), quiet);
    }
    Reply reply = addressed(call, endpoint, handler, activity);
    if (reply.status() == 429 || reply.status() == 503) {
      Instant now = config.pacer().now();
      reply
          .retryAfter(now)
          .filter(asked -> asked.compareTo(config.retries().patience()) <= 0)
          .ifPresent(asked -> endpoint.quietUntil(now.plus(asked)));
    }
    return reply;
  }

  private void refuseBlocked(Call call) {
    String registry = call.repository().registry();
    Optional<String> blocked = config.blocked(registry);
    if (blocked.isPresent()) {
      throw RegistryException.refused(
          call.wanted(),
          registry + " itself must not be asked: " + blocked.get(),
          config.mirrors(registry).isEmpty()
              ? "use a registry that may be asked, or change that file"
              : "only its mirrors may be asked, and only for pulling");
    }
  }

  /// Finds out on the first call which scheme a registry speaks, where both are allowed.
  private Reply addressed(
      Call call, Endpoint endpoint, BodyHandler<byte[]> handler, Activity activity)
      throws IOException {
    Optional<URI> alternative = endpoint.alternative();
    URI base = endpoint.base();
    if (alternative.isEmpty() || !call.target().startsWith("/")) {
      return authorized(call, endpoint, base, handler, activity);
    }
    try {
      Reply reply = authorized(call, endpoint, base, handler, activity);
      if (!Endpoint.suggestsOtherScheme(base, reply)) {
        endpoint.settle(base);
        return reply;
      }
    } catch (IOException e) {
      if (activity.answered()) {
        endpoint.settle(base);
      }
      if (activity.answered() || !Endpoint.suggestsOtherScheme(base, e)) {
        throw e;
      }
      return trial(call, endpoint, alternative.get(), handler, activity, e);
    }
    return trial(call, endpoint, alternative.get(), handler, activity, new IOException("HTTP 400"));
  }

  /// Tries the other scheme, which is then the one to use; if that fails too, the first failure is
  /// the one to tell.
  private Reply trial(
      Call call,
      Endpoint endpoint,
      URI base,
      BodyHandler<byte[]> handler,
      Activity activity,
      IOException first)
      throws IOException {
    try {
      Reply reply = authorized(call, endpoint, base, handler, activity);
      endpoint.settle(base);
      return reply;
    } catch (SSLException e) {
      // It does speak TLS, but not with us.
      throw RegistryException.plaintext(e) ? first : e;
    } catch (IOException e) {
      first.addSuppressed(e);
      throw first;
    }
  }

  private Endpoint endpoint(Call call) {
    return endpoints.computeIfAbsent(
        call.repository().registry(), registry -> Endpoint.of(registry, config));
  }

  private Authorizer authorizer(Call call, Endpoint endpoint) {
    return authorizers.computeIfAbsent(
        call.repository().registry(),
        registry ->
            new Authorizer(endpoint, credentials, new TokenClient(config, wire), config.pacer()));
  }

  private Reply authorized(
      Call call, Endpoint endpoint, URI base, BodyHandler<byte[]> handler, Activity activity)
      throws IOException {
    Authorizer authorizer = authorizer(call, endpoint);
    Optional<String> authorization = authorizer.header(call);
    Reply reply = followed(call, endpoint, base, authorization, handler, activity);
    if (reply.status() == 401 && Hosts.sameOrigin(reply.uri(), base)) {
      Optional<String> renewed = authorizer.renewed(reply, call, authorization);
      if (renewed.isPresent()) {
        reply = followed(call, endpoint, base, renewed, handler, activity);
      }
    }
    warnings.tell(reply);
    return reply;
  }

  private Reply followed(
      Call call,
      Endpoint endpoint,
      URI base,
      Optional<String> authorization,
      BodyHandler<byte[]> handler,
      Activity activity)
      throws IOException {
    URI uri = base.resolve(call.target());
    for (int redirects = 0; redirects <= Redirects.MAX; redirects++) {
      boolean home = Hosts.sameOrigin(uri, base);
      HttpRequest.Builder request =
          request(call, uri, home ? authorization : Optional.empty(), activity);
      if (home && endpoint.alternative().isPresent() && uri.getScheme().equals("https")) {
        // A server that does not speak TLS may wait for ever.
        request.timeout(TRIAL);
      }
      HttpResponse<byte[]> response =
          wire.send(request.build(), handler, activity, endpoint, home && endpoint.insecure());
      Reply reply = Reply.of(uri, response);
      Optional<String> location = reply.header("Location");
      if (!Redirects.follows(call.method(), reply.status()) || location.isEmpty()) {
        return reply;
      }
      uri = Redirects.target(call, uri, location.get());
    }
    throw RegistryException.wrong(call.wanted(), "more than " + Redirects.MAX + " redirects");
  }

  private HttpRequest.Builder request(
      Call call, URI uri, Optional<String> authorization, Activity activity) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    call.headers().forEach(request::header);
    authorization.ifPresent(value -> request.header("Authorization", value));
    request.header("User-Agent", "athanor");
    request.method(
        call.method(),
        Payload.publisher(
            call.payload(),
            bytes -> {
              activity.moved(bytes);
              wire.traffic().sent(bytes);
            }));
    if ("http".equals(uri.getScheme())) {
      // Asking for HTTP/2 in clear text confuses more servers than it helps.
      request.version(HttpClient.Version.HTTP_1_1);
    }
    return request;
  }
}
