package dev.athanor.oci.registry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.oci.model.DocumentException;
import dev.athanor.oci.model.StrictJson;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Runs one of the programs `docker-credential-NAME`. Given from outside, because nothing in here
/// may start a process.
@FunctionalInterface
public interface CredentialHelper {
  /// The output of `docker-credential-NAME get` with `server` on its standard input; empty when it
  /// knows no login for it.
  Optional<byte[]> get(String name, String server) throws IOException;

  /// Reads what a helper printed.
  static Credential parse(String name, String server, byte[] output) {
    String source = "docker-credential-" + name;
    JsonObject json;
    try {
      json = StrictJson.readObject(output, source);
    } catch (DocumentException e) {
      // The output may hold a secret: its text goes nowhere.
      throw new UserException(source + " gave no usable answer for " + server);
    }
    String user = text(json.get("Username"));
    String secret = text(json.get("Secret"));
    return user.equals("<token>")
        ? new Credential.IdentityToken(secret, source)
        : new Credential.Password(user, secret, source);
  }

  private static String text(@Nullable JsonElement element) {
    return element != null && element.isJsonPrimitive() ? element.getAsString() : "";
  }
}
