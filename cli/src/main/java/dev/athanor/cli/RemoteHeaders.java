package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.athanor.engine.UserException;
import dev.athanor.oci.registry.Credential;
import dev.athanor.oci.registry.GivenCredentials;
import dev.athanor.remote.Endpoint;
import dev.athanor.remote.Headers;
import dev.athanor.sandbox.HostProgram;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Says who asks: the login that was given for the server, headers that were, and what a credential
/// helper answers. All is looked up when the first call is made, and again when it was refused.
final class RemoteHeaders implements Headers {
  private static final Duration HELPERS_PATIENCE = Duration.ofSeconds(30);

  /// What was looked up so lately is as fresh as can be: many calls are refused at once.
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final URI uri;
  private final Endpoint endpoint;
  private final RegistryFlags credentials;
  private final Map<String, SecretPlace> given;
  private final Optional<String> helper;
  private final Map<String, String> env;
  private final Consumer<String> notices;
  private @Nullable Map<String, String> known;
  private long lookedAt;

  /// @param credentials by `host:port`, or by host where the port is the usual one
  /// @param given where the values of headers are, by name
  /// @param helper a program that speaks as Bazel's credential helpers do
  /// @param env of this process
  RemoteHeaders(
      URI uri,
      RegistryFlags credentials,
      Map<String, SecretPlace> given,
      Optional<String> helper,
      Map<String, String> env,
      Consumer<String> notices) {
    this.uri = uri;
    this.endpoint = Endpoint.of(uri.toString());
    this.credentials = credentials;
    this.given = given;
    this.helper = helper;
    this.env = env;
    this.notices = notices;
  }

  @Override
  public boolean renewable() {
    return helper.isPresent();
  }

  @Override
  public synchronized Map<String, String> get(boolean fresh) throws IOException {
    Map<String, String> headers = known;
    boolean old = System.nanoTime() - lookedAt > FRESH.toNanos();
    if (headers == null || (fresh && old)) {
      headers = look();
      if (known == null && !headers.isEmpty() && isOpen()) {
        notices.accept("warning: what opens " + uri + " is sent to it unencrypted");
      }
      known = headers;
      lookedAt = System.nanoTime();
    }
    return headers;
  }

  /// Whether others can read what goes there.
  private boolean isOpen() {
    return !endpoint.isEncrypted() && !endpoint.isLocal();
  }

  private Map<String, String> look() throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    if (helper.isPresent()) {
      headers.putAll(answer(helper.get()));
    }
    for (String name : names()) {
      GivenCredentials.Secret secret = credentials.credentials().secrets().get(name);
      if (secret != null) {
        headers.put("authorization", authorization(secret.read()));
      }
    }
    given.forEach((name, place) -> headers.put(name, place.read()));
    headers.forEach(RemoteHeaders::check);
    return headers;
  }

  /// Those by which somebody may have given a login for this very server.
  private List<String> names() {
    int port = endpoint.port();
    String withPort = uri.getHost() + ":" + port;
    return port == 443 ? List.of(uri.getHost(), withPort) : List.of(withPort);
  }

  private static void check(String name, String value) {
    if (!value.chars().allMatch(c -> c >= ' ' && c < 127)) {
      // Its text goes nowhere: it is a secret.
      throw new UserException("the value of the header '" + name + "' is no line of plain text");
    }
  }

  private static String authorization(Credential credential) {
    return switch (credential) {
      case Credential.Password password -> password.basic();
      case Credential.IdentityToken token -> "Bearer " + token.token();
      case Credential.RegistryToken token -> "Bearer " + token.token();
    };
  }

  private Map<String, String> answer(String program) throws IOException {
    JsonObject request = new JsonObject();
    request.addProperty("uri", uri.toString());
    Map<String, String> visible = new HashMap<>(env);
    visible.keySet().removeAll(credentials.secretVariables());
    HostProgram.Ended ended;
    try {
      ended =
          HostProgram.run(
              List.of(program, "get"),
              visible,
              in -> in.write(request.toString().getBytes(StandardCharsets.UTF_8)),
              HELPERS_PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (IOException e) {
      throw new IOException("the credential helper " + program + " cannot be run", e);
    }
    if (!ended.success()) {
      throw new IOException("the credential helper " + program + " failed");
    }
    try {
      return headers(
          JsonParser.parseString(ended.out()).getAsJsonObject().getAsJsonObject("headers"));
    } catch (RuntimeException e) {
      // The output may hold a secret: its text goes nowhere.
      throw new IOException("the credential helper " + program + " gave no usable answer");
    }
  }

  private static Map<String, String> headers(JsonObject json) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> header : json.entrySet()) {
      JsonArray values = header.getValue().getAsJsonArray();
      headers.put(header.getKey().toLowerCase(Locale.ROOT), values.get(0).getAsString());
    }
    return headers;
  }
}
