package dev.athanor.oci.registry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.oci.model.DocumentException;
import dev.athanor.oci.model.StrictJson;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks a token server for a token: by `GET` with a password or without any secret, by `POST` with
/// an identity token.
final class TokenClient {
  /// What a token is good for when the server does not say (the specification of Docker's tokens).
  private static final long DEFAULT_SECONDS = 60;

  private final RegistryConfig config;
  private final Wire wire;

  TokenClient(RegistryConfig config, Wire wire) {
    this.config = config;
    this.wire = wire;
  }

  Token fetch(
      Endpoint registry,
      Challenge challenge,
      Collection<String> scopes,
      Optional<Credential> credential,
      String wanted)
      throws IOException {
    URI realm = realm(registry, challenge, wanted);
    HttpRequest request =
        switch (credential.orElse(null)) {
          case Credential.IdentityToken identity -> post(realm, challenge, scopes, identity);
          case Credential.Password password ->
              get(realm, challenge, scopes, password.user())
                  .header("Authorization", password.basic())
                  .build();
          case Credential.RegistryToken _ -> throw new IllegalArgumentException("needs no token");
          case null -> get(realm, challenge, scopes, "").build();
        };
    return read(exchange(request, registry, wanted), credential, wanted);
  }

  private static URI realm(Endpoint registry, Challenge challenge, String wanted) {
    String text = challenge.parameter("realm").orElse("");
    URI realm;
    try {
      realm = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw badRealm(registry, text, wanted);
    }
    boolean plain = "http".equals(realm.getScheme());
    if (realm.getHost() == null || !(plain || "https".equals(realm.getScheme()))) {
      throw badRealm(registry, text, wanted);
    }
    if (plain && !registry.isPlain()) {
      throw RegistryException.refused(
          wanted,
          registry.host() + " wants a login over plain HTTP at " + realm.getHost(),
          "its token server must use HTTPS");
    }
    return realm;
  }

  private static RegistryException badRealm(Endpoint registry, String text, String wanted) {
    return RegistryException.refused(
        wanted,
        registry.host() + " names no usable token server: '" + ErrorBody.printable(text) + "'",
        "");
  }

  private static HttpRequest.Builder get(
      URI realm, Challenge challenge, Collection<String> scopes, String account) {
    List<String> query = new ArrayList<>();
    challenge.parameter("service").ifPresent(service -> query.add(pair("service", service)));
    scopes.forEach(scope -> query.add(pair("scope", scope)));
    if (!account.isEmpty()) {
      query.add(pair("account", account));
    }
    String join = realm.getRawQuery() == null ? "?" : "&";
    return HttpRequest.newBuilder(URI.create(realm + join + String.join("&", query))).GET();
  }

  private static HttpRequest post(
      URI realm,
      Challenge challenge,
      Collection<String> scopes,
      Credential.IdentityToken identity) {
    List<String> form = new ArrayList<>();
    form.add(pair("grant_type", "refresh_token"));
    challenge.parameter("service").ifPresent(service -> form.add(pair("service", service)));
    form.add(pair("client_id", "athanor"));
    form.add(pair("scope", String.join(" ", scopes)));
    form.add(pair("refresh_token", identity.token()));
    return HttpRequest.newBuilder(realm)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(String.join("&", form)))
        .build();
  }

  private static String pair(String name, String value) {
    return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private Reply exchange(HttpRequest request, Endpoint registry, String wanted) throws IOException {
    RetryBudget budget = new RetryBudget(config.retries(), config.pacer(), wire.traffic());
    while (true) {
      Reply reply;
      try {
        HttpResponse<byte[]> response =
            wire.send(
                request,
                info -> Bodies.limited(Bodies.SMALL),
                new Wire.Activity(),
                registry,
                registry.insecure());
        reply = Reply.of(request.uri(), response);
      } catch (IOException e) {
        if (budget.mayRetry(e)) {
          continue;
        }
        throw RegistryException.network(wanted, request.uri().getAuthority(), e);
      }
      if (!budget.mayRetry(reply)) {
        return reply;
      }
    }
  }

  private Token read(Reply reply, Optional<Credential> credential, String wanted) {
    if (reply.status() == 401 || reply.status() == 403 || reply.status() == 400) {
      throw RegistryException.refused(
          wanted,
          reply.uri().getAuthority()
              + " gives no token"
              + credential.map(c -> " to " + c).orElse(" without a login")
              + ErrorBody.read(reply.body()).text(),
          credential.isPresent()
              ? "the secret may be old: log in again"
              : "log in with 'docker login'");
    }
    if (!reply.ok()) {
      throw RegistryException.of(wanted, reply);
    }
    JsonObject json;
    try {
      json = StrictJson.readObject(reply.body(), "token");
    } catch (DocumentException e) {
      // The body may hold a secret: its text goes nowhere.
      throw RegistryException.wrong(wanted, reply.uri().getAuthority() + " gives no usable token");
    }
    String value = text(json, "token").or(() -> text(json, "access_token")).orElse("");
    if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw RegistryException.wrong(wanted, reply.uri().getAuthority() + " gives no usable token");
    }
    return new Token(value, expiry(json));
  }

  /// A little before the end, so that a token does not expire on the way.
  private Instant expiry(JsonObject json) {
    long seconds = text(json, "expires_in").map(TokenClient::number).orElse(DEFAULT_SECONDS);
    long life = Math.clamp(seconds, 1, Duration.ofDays(1).toSeconds());
    Instant issued = text(json, "issued_at").map(this::instant).orElseGet(config.pacer()::now);
    Instant now = config.pacer().now();
    // Clocks differ: a token is never taken to be older than its receipt, nor younger.
    Instant start = issued.isAfter(now) || issued.isBefore(now.minusSeconds(life)) ? now : issued;
    return start.plusSeconds(life - Math.min(10, life / 2));
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : DEFAULT_SECONDS;
  }

  private Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return config.pacer().now();
    }
  }

  private static Optional<String> text(JsonObject json, String name) {
    @Nullable JsonElement element = json.get(name);
    return element != null && element.isJsonPrimitive()
        ? Optional.of(element.getAsString()).filter(text -> !text.isEmpty())
        : Optional.empty();
  }
}
