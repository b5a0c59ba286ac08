package dev.athanor.oci.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The doorkeeper of a [FakeRegistry]: open, Basic, or tokens from a token server under `/token`.
public final class FakeAuth {
  private enum Kind {
    OPEN,
    BASIC,
    TOKEN
  }

  private final FakeRegistry registry;
  private final Map<String, List<String>> tokens = new ConcurrentHashMap<>();
  private final AtomicInteger lastToken = new AtomicInteger();
  private volatile Kind kind = Kind.OPEN;
  private volatile String user = "";
  private volatile String password = "";
  private volatile String identity = "";
  private volatile boolean anonymousPull;

  FakeAuth(FakeRegistry registry) {
    this.registry = registry;
  }

  public void requireBasic(String user, String password) {
    kind = Kind.BASIC;
    this.user = user;
    this.password = password;
  }

  /// Tokens are given for this login, or for the refresh token `identity`.
  public void requireTokens(String user, String password, String identity) {
    kind = Kind.TOKEN;
    this.user = user;
    this.password = password;
    this.identity = identity;
  }

  /// Tokens that only read are given to anybody.
  public void allowAnonymousPull() {
    anonymousPull = true;
  }

  /// Forgets all tokens, as if they had expired.
  public void expireTokens() {
    tokens.clear();
  }

  /// How many tokens were given.
  public int tokensGiven() {
    return lastToken.get();
  }

  @Nullable Answer check(Request request, InputStream body) throws IOException {
    if (request.path().equals("/token")) {
      return giveToken(request, new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
    String authorization = request.header("Authorization").orElse("");
    return switch (kind) {
      case OPEN -> null;
      case BASIC ->
          authorization.equals(basic())
              ? null
              : unauthorized("Basic realm=\"fake, with a comma\", charset=\"UTF-8\"");
      case TOKEN -> {
        List<String> scopes =
            tokens.getOrDefault(authorization.replaceFirst("^Bearer ", ""), List.of());
        yield scopes.contains(needed(request)) ? null : challenge(request);
      }
    };
  }

  private Answer challenge(Request request) {
    return unauthorized(
        "Bearer realm=\"http://"
            + registry.host()
            + "/token\",service=\"fake\",scope=\""
            + needed(request)
            + "\"");
  }

  private static Answer unauthorized(String challenge) {
    return Answer.error(401, "UNAUTHORIZED", "authentication required")
        .with("WWW-Authenticate", challenge);
  }

  private String basic() {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private static String needed(Request request) {
    String repository =
        request
            .path()
            .replaceFirst("^/v2/", "")
            .replaceFirst("/(blobs|manifests|referrers|tags)/.*", "");
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    boolean upload = request.path().contains("/uploads/");
    return "repository:" + repository + (reads && !upload ? ":pull" : ":push");
  }

  private Answer giveToken(Request request, String form) {
    boolean known =
        request.method().equals("POST")
            ? !identity.isEmpty() && form.contains("refresh_token=" + identity)
            : request.header("Authorization").orElse("").equals(basic());
    List<String> asked =
        request.method().equals("POST")
            ? List.of(
                new Request("", "", form, request.headers())
                    .parameter("scope")
                    .orElse("")
                    .split(" ", -1))
            : request.parameters("scope");
    boolean wrong = !known && request.header("Authorization").isPresent();
    if (wrong || (request.method().equals("POST") && !known)) {
      return Answer.error(401, "UNAUTHORIZED", "wrong login");
    }
    List<String> granted =
        asked.stream()
            .flatMap(scope -> actions(scope).stream())
            .filter(scope -> known || (anonymousPull && scope.endsWith(":pull")))
            .toList();
    String token = "token-" + lastToken.incrementAndGet();
    tokens.put(token, granted);
    return Answer.of(200)
        .with("Content-Type", "application/json")
        .withBody(
            ("{\"token\":\"" + token + "\",\"expires_in\":300}").getBytes(StandardCharsets.UTF_8));
  }

  /// `repository:a:pull,push` as one scope per action.
  private static List<String> actions(String scope) {
    int colon = scope.lastIndexOf(':');
    return Arrays.stream(scope.substring(colon + 1).split(",", -1))
        .map(action -> scope.substring(0, colon + 1) + action)
        .toList();
  }
}
