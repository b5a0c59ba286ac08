package dev.athanor.cli;

import dev.athanor.engine.UserException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/// The flags about what is shared with others. Where one is absent, files of settings count.
///
/// @param cache the address of a remote cache; empty text for none
/// @param upload whether results that are made here go there
/// @param onlyVerified whether only those do that `verify` found to be deterministic
/// @param instance which of several caches on that server
/// @param authorities files with certificates to trust there
/// @param certificate the client's own, with the ones that vouch for it
/// @param key that goes with it
/// @param headers what else to send with every call: where the value is, by name
/// @param credentialHelper a program that knows how to say who asks
/// @param patience with a server that does not answer
/// @param trusted public keys of those whose results count
/// @param signer the private key that signs what is made here
record RemoteFlags(
    Optional<String> cache,
    Optional<Boolean> upload,
    boolean onlyVerified,
    Optional<String> instance,
    List<Path> authorities,
    Optional<Path> certificate,
    Optional<Path> key,
    Map<String, SecretPlace> headers,
    Optional<String> credentialHelper,
    Duration patience,
    List<Path> trusted,
    Optional<Path> signer) {
  private static final int USUAL_PATIENCE = 10;

  /// Of a header.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

  RemoteFlags {
    authorities = List.copyOf(authorities);
    headers = Map.copyOf(headers);
    trusted = List.copyOf(trusted);
  }

  static Options options() {
    return new Options()
        .addOption(
            GlobalFlags.value(
                null,
                "remote-cache",
                "URL",
                "share results through the cache at URL: grpc(s)://HOST:PORT or http(s)://HOST/PATH;"
                    + " none for none"))
        .addOption(
            GlobalFlags.flag(
                null, "remote-upload", "let others have the results that are made here"))
        .addOption(
            GlobalFlags.flag(
                null,
                "share-only-verified",
                "upload only results that 'athanor verify' found to be deterministic"))
        .addOption(GlobalFlags.flag(null, "no-remote-upload", "only read from the remote cache"))
        .addOption(
            GlobalFlags.value(
                null, "remote-instance", "NAME", "use this one of the server's caches"))
        .addOption(
            GlobalFlags.value(
                null,
                "remote-ca",
                "FILE",
                "trust the certificates in FILE at the remote cache; repeatable"))
        .addOption(
            GlobalFlags.value(
                null, "remote-cert", "FILE", "show this certificate to the remote cache"))
        .addOption(
            GlobalFlags.value(null, "remote-key", "FILE", "the key that goes with --remote-cert"))
        .addOption(
            GlobalFlags.value(
                null,
                "remote-header",
                "NAME=WHERE",
                "send a header whose value is in env:NAME or file:PATH to the remote cache; repeatable"))
        .addOption(
            GlobalFlags.value(
                null,
                "remote-credential-helper",
                "PROGRAM",
                "ask PROGRAM which headers open the remote cache, as Bazel does"))
        .addOption(
            GlobalFlags.value(
                null,
                "remote-timeout",
                "SECONDS",
                "do not wait longer for a remote server that brings nothing (10)"))
        .addOption(
            GlobalFlags.value(
                null,
                "trust-keys",
                "PATH",
                "take results only when signed by one of these public keys, a file or a folder of"
                    + " .pub files; repeatable"))
        .addOption(
            GlobalFlags.value(
                null, "sign-key", "FILE", "sign uploaded results with this private key"));
  }

  static RemoteFlags of(CommandLine line, Terminal terminal) {
    Optional<Path> certificate = GlobalFlags.path(line, "remote-cert", terminal);
    Optional<Path> key = GlobalFlags.path(line, "remote-key", terminal);
    if (certificate.isPresent() != key.isPresent()) {
      throw new UserException("--remote-cert and --remote-key belong together");
    }
    return new RemoteFlags(
        GlobalFlags.last(line, "remote-cache").map(url -> url.equals("none") ? "" : url),
        upload(line),
        line.hasOption("share-only-verified"),
        GlobalFlags.last(line, "remote-instance"),
        paths(line, "remote-ca", terminal),
        certificate,
        key,
        headers(line, terminal),
        GlobalFlags.last(line, "remote-credential-helper"),
        Duration.ofSeconds(GlobalFlags.count(line, "remote-timeout").orElse(USUAL_PATIENCE)),
        paths(line, "trust-keys", terminal),
        GlobalFlags.path(line, "sign-key", terminal));
  }

  /// The environment variables that hold secrets.
  Set<String> variables() {
    return headers.values().stream()
        .flatMap(place -> place.variable().stream())
        .collect(Collectors.toSet());
  }

  private static Optional<Boolean> upload(CommandLine line) {
    boolean yes = line.hasOption("remote-upload");
    boolean no = line.hasOption("no-remote-upload");
    return yes || no ? Optional.of(!no) : Optional.empty();
  }

  private static List<Path> paths(CommandLine line, String name, Terminal terminal) {
    return GlobalFlags.all(line, name).stream().map(terminal.directory()::resolve).toList();
  }

  private static Map<String, SecretPlace> headers(CommandLine line, Terminal terminal) {
    Map<String, SecretPlace> headers = new LinkedHashMap<>();
    for (String text : GlobalFlags.all(line, "remote-header")) {
      int equals = text.indexOf('=');
      Optional<SecretPlace> place =
          equals < 1 || !NAME.matcher(text.substring(0, equals)).matches()
              ? Optional.empty()
              : SecretPlace.parse(text.substring(equals + 1), "--remote-header", terminal);
      if (place.isEmpty()) {
        throw SecretPlace.noPlace("--remote-header", "NAME=env:VARIABLE or NAME=file:PATH");
      }
      headers.put(text.substring(0, equals).toLowerCase(Locale.ROOT), place.get());
    }
    return headers;
  }
}
