package dev.athanor.oci.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A secret that opens a registry. Its text shows where it came from, never the secret.
public sealed interface Credential {
  /// Where the secret came from, for messages: a file, a helper, the command line.
  String source();

  /// Reads `user:password`, or a token that has no colon.
  ///
  /// @param source where `text` came from
  static Credential parse(String text, String source) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new IdentityToken(text, source)
        : new Password(text.substring(0, colon), text.substring(colon + 1), source);
  }

  /// A user's name and password.
  record Password(String user, String password, String source) implements Credential {
    /// What opens a server that asks for them at once.
    public String basic() {
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @Override
    public String toString() {
      return "user '" + user + "' from " + source;
    }
  }

  /// A refresh token, given to the token server in exchange for short-lived ones.
  record IdentityToken(String token, String source) implements Credential {
    @Override
    public String toString() {
      return "identity token from " + source;
    }
  }

  /// A token that the registry itself takes, as it is.
  record RegistryToken(String token, String source) implements Credential {
    @Override
    public String toString() {
      return "registry token from " + source;
    }
  }
}
