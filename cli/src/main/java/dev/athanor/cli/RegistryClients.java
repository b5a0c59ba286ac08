package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.concurrent.Lazy;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.registry.AuthFiles;
import dev.athanor.oci.registry.Credentials;
import dev.athanor.oci.registry.RegistryClient;
import dev.athanor.oci.registry.RegistryConfig;
import dev.athanor.sandbox.HostProgram;
import java.util.List;

/// The clients of registries: one with the user's credentials and one without, on the same
/// connections.
final class RegistryClients implements OciActions.Registries, AutoCloseable {
  private final boolean offline;
  private final boolean dry;
  private final Lazy<RegistryClient> identified;
  private final Lazy<RegistryClient> anonymous;

  /// @param dry whether nothing may be sent
  RegistryClients(OpenWorkspace workspace, Terminal terminal, EventSink events, boolean dry) {
    this.dry = dry;
    offline = workspace.flags().offline();
    RegistryConfig config =
        new RegistrySettings(
                workspace.settings().registries(), workspace.flags().registries(), terminal)
            .config()
            .withWarnings(text -> events.post(new BuildEvent.Notice("warning: " + text)));
    identified =
        Lazy.of(() ->
            new RegistryClient(config, credentials(workspace.flags().registries(), terminal)));
    anonymous = Lazy.of(() -> identified.get().with(Credentials.ANONYMOUS));
  }

  @Override
  public RegistryClient client(boolean withoutCredentials) {
    if (offline) {
      throw new UserException(
          "this needs a registry, and --offline forbids it",
          "build once without --offline; `athanor fetch` brings all that is pulled");
    }
    return withoutCredentials ? anonymous.get() : identified.get();
  }

  @Override
  public boolean dry() {
    return dry;
  }

  @Override
  public void close() {
    RegistryClient client = identified.peek();
    if (client != null) {
      client.close();
    }
  }

  /// What flags give comes first. The programs that keep logins have no use for those that they do
  /// not keep.
  private static Credentials credentials(RegistryFlags flags, Terminal terminal) {
    return flags
        .credentials()
        .orElse(
            AuthFiles.of(
                terminal.env(),
                terminal.directory(),
                (name, server) ->
                    HostProgram.output(
                        List.of("docker-credential-" + name, "get"),
                        server,
                        flags.secretVariables())));
  }
}
