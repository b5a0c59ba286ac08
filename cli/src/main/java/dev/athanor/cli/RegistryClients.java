package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.registry.AuthFiles;
import dev.athanor.oci.registry.Credentials;
import dev.athanor.oci.registry.RegistryClient;
import dev.athanor.oci.registry.RegistryConfig;
import dev.athanor.sandbox.HostProgram;
import java.util.List;
import java.util.Set;

/// The clients of registries: one with the user's credentials and one without, on the same
/// connections.
final class RegistryClients implements OciActions.Registries, AutoCloseable {
  private final GlobalFlags flags;
  private final Lazy<RegistryClient> identified;
  private final Lazy<RegistryClient> anonymous;

  RegistryClients(GlobalFlags flags, Terminal terminal, EventSink events) {
    this.flags = flags;
    RegistryConfig config =
        RegistryConfig.DEFAULT
            .withInsecureRegistries(Set.copyOf(flags.insecureRegistries()))
            .withEnvironment(terminal.env())
            .withWarnings(text -> events.post(new BuildEvent.Notice("warning: " + text)));
    identified = Lazy.of(() -> new RegistryClient(config, credentials(terminal)));
    anonymous = Lazy.of(() -> identified.get().with(Credentials.ANONYMOUS));
  }

  @Override
  public RegistryClient client(boolean withoutCredentials) {
    if (flags.offline()) {
      throw new UserException(
          "this needs a registry, and --offline forbids it", "build once without --offline");
    }
    return withoutCredentials ? anonymous.get() : identified.get();
  }

  @Override
  public void close() {
    RegistryClient client = identified.peek();
    if (client != null) {
      client.close();
    }
  }

  private static Credentials credentials(Terminal terminal) {
    return AuthFiles.of(
        terminal.env(),
        terminal.directory(),
        (name, server) -> HostProgram.output(List.of("docker-credential-" + name, "get"), server));
  }
}
