package dev.athanor.remote.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.digest.Sha256;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who may do what, by the token that a request brings.
///
/// Without any token everybody may do everything; with one for writing alone, everybody may read;
/// with one for reading alone, nobody may write.
///
/// @param read opens what is here
/// @param write opens everything
public record Access(Optional<Token> read, Optional<Token> write) {
  /// For everybody.
  public static final Access OPEN = new Access(Optional.empty(), Optional.empty());

  /// What somebody may do. Each includes those before it.
  enum Right {
    NONE,
    READ,
    WRITE
  }

  /// A secret, kept as its digest.
  public record Token(Sha256 digest) {
    public static Token of(String secret) {
      return new Token(Digester.digest(secret.getBytes(UTF_8)).hash());
    }

    /// Takes the same time whatever `secret` is, but for its length.
    boolean is(String secret) {
      Sha256 other = of(secret).digest;
      return ((digest.word0() ^ other.word0())
              | (digest.word1() ^ other.word1())
              | (digest.word2() ^ other.word2())
              | (digest.word3() ^ other.word3()))
          == 0;
    }
  }

  /// Whether everybody may do everything.
  public boolean isOpen() {
    return read.isEmpty() && write.isEmpty();
  }

  /// @param authorization the header of that name
  Right of(@Nullable String authorization) {
    if (isOpen()) {
      return Right.WRITE;
    }
    String secret = secret(authorization);
    boolean writes = write.isPresent() && write.get().is(secret);
    boolean reads = read.isEmpty() || read.get().is(secret);
    return writes ? Right.WRITE : reads ? Right.READ : Right.NONE;
  }

  /// The token itself, or the password of whatever user.
  private static String secret(@Nullable String authorization) {
    String text = authorization == null ? "" : authorization.strip();
    int space = text.indexOf(' ');
    String scheme = text.substring(0, Math.max(0, space));
    String value = text.substring(space + 1).strip();
    if (scheme.equalsIgnoreCase("Bearer")) {
      return value;
    }
    if (!scheme.equalsIgnoreCase("Basic")) {
      return "";
    }
    try {
      String login = new String(Base64.getDecoder().decode(value), UTF_8);
      return login.substring(login.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
