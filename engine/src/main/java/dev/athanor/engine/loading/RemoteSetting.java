package dev.athanor.engine.loading;

import dev.athanor.engine.tls.Tls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a file of settings says of the cache that is shared with others.
///
/// @param url where it is
/// @param upload whether results that are made here go there
/// @param instance which of several caches on that server; mostly empty
/// @param tls certificates to trust, and to show
/// @param trusted public keys, or folders of them, of those whose results count; where there are
///   none, everybody's do
/// @param signer the private key that signs what goes there
/// @param credentialHelper a program that knows how to say who asks
/// @param where the file that says so, with line and column
public record RemoteSetting(
    String url,
    boolean upload,
    String instance,
    Tls tls,
    List<Path> trusted,
    Optional<Path> signer,
    Optional<String> credentialHelper,
    String where) {
  public RemoteSetting {
    trusted = List.copyOf(trusted);
  }
}
