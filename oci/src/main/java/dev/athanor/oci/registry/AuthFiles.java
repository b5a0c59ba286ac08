package dev.athanor.oci.registry;

import dev.athanor.engine.UserException;
import dev.athanor.oci.model.DocumentException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The logins that a user has on this machine, wherever `docker login`, `podman login` or `skopeo
/// login` put them.
public final class AuthFiles {
  private AuthFiles() {}

  /// The name of the variable that holds what is otherwise in a file, as CI services set it.
  public static final String VARIABLE = "DOCKER_AUTH_CONFIG";

  /// The first place that knows a login wins, in this order: the text of `DOCKER_AUTH_CONFIG`;
  /// `REGISTRY_AUTH_FILE`, which excludes all that follow; `DOCKER_CONFIG/config.json`;
  /// `$XDG_RUNTIME_DIR/containers/auth.json`; `~/.config/containers/auth.json`;
  /// `~/.docker/config.json`.
  ///
  /// @param root of the file system that the paths are in, and what relative ones start from
  public static Credentials of(
      Map<String, String> environment, Path root, CredentialHelper helper) {
    Credentials all = Credentials.ANONYMOUS;
    for (Path file : files(environment, root).reversed()) {
      all = new AuthFile(file, helper).orElse(all);
    }
    String text = environment.getOrDefault(VARIABLE, "");
    return text.isBlank() ? all : inVariable(text, helper).orElse(all);
  }

  private static Credentials inVariable(String text, CredentialHelper helper) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Credentials credentials = new AuthFile(VARIABLE, () -> bytes, helper);
    return repository -> {
      try {
        return credentials.find(repository);
      } catch (DocumentException e) {
        // What is wrong there may be a secret in the wrong place: its text goes nowhere.
        throw new UserException(
            "the environment variable " + VARIABLE + " cannot be read",
            "it must hold what a config.json of docker holds: {\"auths\": {…}}");
      }
    };
  }

  static List<Path> files(Map<String, String> environment, Path root) {
    @Nullable String own = environment.get("REGISTRY_AUTH_FILE");
    if (own != null && !own.isEmpty()) {
      return List.of(root.resolve(own));
    }
    List<Path> files = new ArrayList<>();
    add(files, root, environment.get("DOCKER_CONFIG"), "config.json");
    add(files, root, environment.get("XDG_RUNTIME_DIR"), "containers/auth.json");
    @Nullable String config = environment.get("XDG_CONFIG_HOME");
    @Nullable String home = environment.get("HOME");
    if (config != null && !config.isEmpty()) {
      add(files, root, config, "containers/auth.json");
    } else {
      add(files, root, home, ".config/containers/auth.json");
    }
    add(files, root, home, ".docker/config.json");
    return List.copyOf(files);
  }

  private static void add(List<Path> files, Path root, @Nullable String folder, String name) {
    if (folder != null && !folder.isEmpty()) {
      files.add(root.resolve(folder).resolve(name));
    }
  }
}
