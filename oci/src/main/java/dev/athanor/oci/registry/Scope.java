package dev.athanor.oci.registry;

import dev.athanor.oci.model.Repository;
import java.util.List;

/// What a request needs a token for.
///
/// @param actions `pull` or `pull,push`
record Scope(String path, String actions) {
  static List<Scope> pull(Repository repository) {
    return List.of(new Scope(repository.path(), "pull"));
  }

  static List<Scope> push(Repository repository) {
    return List.of(new Scope(repository.path(), "pull,push"));
  }

  static List<Scope> mount(Repository to, Repository from) {
    return List.of(new Scope(to.path(), "pull,push"), new Scope(from.path(), "pull"));
  }

  @Override
  public String toString() {
    return "repository:" + path + ":" + actions;
  }
}
