package dev.athanor.oci.registry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.model.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One file of logins: Docker's `config.json`, or the `auth.json` of podman, skopeo and buildah,
/// which also knows logins for parts of a registry.
///
/// Read anew for each look-up: a login during a build counts.
final class AuthFile implements Credentials {
  private final String name;
  private final Content content;
  private final CredentialHelper helper;

  /// Where the text comes from.
  interface Content {
    byte[] read() throws IOException;
  }

  AuthFile(Path file, CredentialHelper helper) {
    this(file.toString(), () -> Files.readAllBytes(file), helper);
  }

  /// @param name what to call it in messages
  AuthFile(String name, Content content, CredentialHelper helper) {
    this.name = name;
    this.content = content;
    this.helper = helper;
  }

  @Override
  public Optional<Credential> find(Repository repository) throws IOException {
    JsonObject json;
    try {
      json = StrictJson.readObject(content.read(), name);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    List<String> keys = keys(repository);
    Optional<Credential> helped = fromHelper(json, keys, repository.registry());
    return helped.isPresent() ? helped : fromEntries(json, keys);
  }

  /// How files name a registry, most specific first.
  static List<String> keys(Repository repository) {
    List<String> keys = new ArrayList<>();
    String whole = repository.toString();
    for (int end = whole.length(); end > 0; end = whole.lastIndexOf('/', end - 1)) {
      keys.add(whole.substring(0, end));
    }
    String registry = repository.registry();
    for (String host :
        registry.equals("docker.io")
            ? List.of("index.docker.io", "registry-1.docker.io")
            : List.of(registry)) {
      for (String form :
          List.of(
              "%s", "https://%s", "https://%s/", "https://%s/v1/", "https://%s/v2/", "http://%s")) {
        keys.add(form.replace("%s", host));
      }
    }
    return keys;
  }

  private Optional<Credential> fromHelper(JsonObject json, List<String> keys, String registry)
      throws IOException {
    String server = registry.equals("docker.io") ? "https://index.docker.io/v1/" : registry;
    for (String key : keys) {
      Optional<String> own = text(object(json, "credHelpers").get(key));
      if (own.isPresent()) {
        return ask(own.get(), server);
      }
    }
    Optional<String> store = text(json.get("credsStore"));
    return store.isPresent() ? ask(store.get(), server) : Optional.empty();
  }

  private Optional<Credential> ask(String name, String server) throws IOException {
    if (!name.matches("[A-Za-z0-9._-]+")) {
      throw new UserException(
          this.name + " names no usable credential helper: '" + ErrorBody.printable(name) + "'");
    }
    return helper.get(name, server).map(output -> CredentialHelper.parse(name, server, output));
  }

  private Optional<Credential> fromEntries(JsonObject json, List<String> keys) {
    JsonObject auths = object(json, "auths");
    for (String key : keys) {
      if (auths.get(key) instanceof JsonObject entry) {
        Optional<Credential> found = fromEntry(entry);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Credential> fromEntry(JsonObject entry) {
    String source = name;
    Optional<String> identity = text(entry.get("identitytoken"));
    if (identity.isPresent()) {
      return Optional.of(new Credential.IdentityToken(identity.get(), source));
    }
    Optional<String> registryToken = text(entry.get("registrytoken"));
    if (registryToken.isPresent()) {
      return Optional.of(new Credential.RegistryToken(registryToken.get(), source));
    }
    Optional<String> auth = text(entry.get("auth"));
    if (auth.isPresent()) {
      return Optional.of(decoded(auth.get()));
    }
    Optional<String> user = text(entry.get("username"));
    return user.map(
        known -> new Credential.Password(known, text(entry.get("password")).orElse(""), source));
  }

  private Credential decoded(String auth) {
    try {
      String pair = new String(Base64.getDecoder().decode(auth.strip()), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      if (colon > 0) {
        // Some tools pad the pair with NULs.
        String password = pair.substring(colon + 1).replaceAll("\0+$", "");
        return new Credential.Password(pair.substring(0, colon), password, name);
      }
    } catch (IllegalArgumentException e) {
      // Told below, without the value.
    }
    throw new UserException("a login in " + name + " cannot be read", "log in again");
  }

  private static JsonObject object(JsonObject json, String name) {
    return json.get(name) instanceof JsonObject object ? object : new JsonObject();
  }

  private static Optional<String> text(@Nullable JsonElement element) {
    return element != null && element.isJsonPrimitive()
        ? Optional.of(element.getAsString()).filter(text -> !text.isEmpty())
        : Optional.empty();
  }
}
