package dev.athanor.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.athanor.oci.registry.Credential;
import dev.athanor.oci.registry.GivenCredentials;
import dev.athanor.remote.Headers;
import dev.athanor.sandbox.HostProgram;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Says who asks: the login that was given for the server, headers that were, and what a credential
/// helper answers. All is looked up when the first call is made, and again when it was refused.
final class RemoteHeaders implements Headers {
  private final URI uri;
  private final RegistryFlags credentials;
  private final Map<String, SecretPlace> given;
  private final Optional<String> helper;
  private @Nullable Map<String, String> known;

  /// @param credentials by `host:port` or host
  /// @param given where the values of headers are, by name
  /// @param helper a program that speaks as Bazel's credential helpers do
  RemoteHeaders(
      URI uri, RegistryFlags credentials, Map<String, SecretPlace> given, Optional<String> helper) {
    this.uri = uri;
    this.credentials = credentials;
    this.given = given;
    this.helper = helper;
  }

  @Override
  public synchronized Map<String, String> get(boolean fresh) throws IOException {
    Map<String, String> headers = known;
    if (headers == null || fresh) {
      headers = look();
      known = headers;
    }
    return headers;
  }

  private Map<String, String> look() throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    if (helper.isPresent()) {
      headers.putAll(answer(helper.get()));
    }
    for (String name : List.of(uri.getHost(), uri.getAuthority())) {
      GivenCredentials.Secret secret = credentials.credentials().secrets().get(name);
      if (secret != null) {
        headers.put("authorization", authorization(secret.read()));
      }
    }
    given.forEach((name, place) -> headers.put(name, place.read()));
    return headers;
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
    Optional<byte[]> output =
        HostProgram.output(List.of(program, "get"), request.toString(), secrets());
    if (output.isEmpty()) {
      throw new IOException("the credential helper " + program + " failed, or is not there");
    }
    try {
      return headers(
          JsonParser.parseString(new String(output.get(), StandardCharsets.UTF_8))
              .getAsJsonObject()
              .getAsJsonObject("headers"));
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      // The output may hold a secret: its text goes nowhere.
      throw new IOException("the credential helper " + program + " gave no usable answer");
    }
  }

  private Set<String> secrets() {
    return credentials.secretVariables();
  }

  private static Map<String, String> headers(JsonObject json) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> header : json.entrySet()) {
      JsonArray values = header.getValue().getAsJsonArray();
      headers.put(header.getKey(), values.get(0).getAsString());
    }
    return headers;
  }
}
