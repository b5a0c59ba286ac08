package dev.athanor.oci.rule;

import dev.athanor.engine.UserException;
import dev.athanor.engine.loading.WorkspaceSettings;
import dev.athanor.engine.rule.Configuration;
import dev.athanor.oci.model.Platform;
import java.util.Optional;

/// The platform that the user wants a whole build for.
public final class WantedPlatform {
  private WantedPlatform() {}

  /// @param name one of the workspace's platforms, or `os/architecture`; where nobody says, the
  ///   workspace's default counts, if it has one
  /// @throws UserException when there is no such platform
  public static Configuration configuration(Optional<String> name, WorkspaceSettings settings) {
    return name.or(settings::defaultPlatform)
        .map(wanted -> platform(wanted, settings).normalized())
        .map(platform ->
            Configuration.DEFAULT.withPlatform(
                platform.os(), platform.architecture(), platform.variant()))
        .orElse(Configuration.DEFAULT);
  }

  private static Platform platform(String name, WorkspaceSettings settings) {
    WorkspaceSettings.Platform known = settings.platforms().get(name);
    if (known != null) {
      return Platform.of(known.os(), known.architecture(), known.variant());
    }
    if (!name.contains("/") && !settings.platforms().isEmpty()) {
      throw new UserException(
          "the workspace has no platform '" + name + "'",
          "it has " + String.join(", ", settings.platforms().keySet()));
    }
    return Platform.parse(name);
  }
}
