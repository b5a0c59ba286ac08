package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.remote.server.Access;
import dev.athanor.remote.server.CacheServer;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/// The flags of a server about who may come in.
final class ServeFlags {
  private static final String READ_TOKEN = "read-token";
  private static final String WRITE_TOKEN = "write-token";
  private static final String CERTIFICATE = "tls-cert";
  private static final String KEY = "tls-key";
  private static final String CLIENT_AUTHORITY = "client-ca";

  private ServeFlags() {}

  static void addTo(Options options) {
    options
        .addOption(
            GlobalFlags.value(
                null, READ_TOKEN, "WHERE", "reading takes the token in env:NAME or file:PATH"))
        .addOption(
            GlobalFlags.value(
                null, WRITE_TOKEN, "WHERE", "writing takes the token in env:NAME or file:PATH"))
        .addOption(
            GlobalFlags.value(
                null, CERTIFICATE, "FILE", "speak TLS, with the certificate in FILE, in PEM form"))
        .addOption(
            GlobalFlags.value(
                null, KEY, "FILE", "the private key of --" + CERTIFICATE + ", in PKCS #8 PEM form"))
        .addOption(
            GlobalFlags.value(
                null,
                CLIENT_AUTHORITY,
                "FILE",
                "serve only clients with a certificate that one in FILE has signed"));
  }

  static Access access(CommandLine line, Terminal terminal) {
    return new Access(token(line, READ_TOKEN, terminal), token(line, WRITE_TOKEN, terminal));
  }

  private static Optional<Access.Token> token(CommandLine line, String flag, Terminal terminal) {
    return GlobalFlags.last(line, flag)
        .map(where -> Access.Token.of(secret(where, flag, terminal)));
  }

  private static String secret(String where, String flag, Terminal terminal) {
    return SecretPlace.parse(where, "--" + flag, terminal)
        .orElseThrow(() -> SecretPlace.noPlace("--" + flag, "env:NAME or file:PATH"))
        .read();
  }

  static Optional<CacheServer.Tls> tls(CommandLine line, Terminal terminal) {
    Optional<Path> certificate = GlobalFlags.path(line, CERTIFICATE, terminal);
    Optional<Path> key = GlobalFlags.path(line, KEY, terminal);
    Optional<Path> authority = GlobalFlags.path(line, CLIENT_AUTHORITY, terminal);
    if (certificate.isPresent() != key.isPresent()) {
      throw new UserException("--" + CERTIFICATE + " and --" + KEY + " go together");
    }
    if (authority.isPresent() && certificate.isEmpty()) {
      throw new UserException(
          "--" + CLIENT_AUTHORITY + " needs --" + CERTIFICATE + " and --" + KEY);
    }
    return certificate.map(file -> new CacheServer.Tls(file, key.orElseThrow(), authority));
  }
}
