package dev.athanor.oci.registry;

import dev.athanor.oci.model.Repository;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A request to a registry, before it has an address and credentials.
///
/// @param target a path from the registry's root, or a whole URI that the registry gave us
/// @param wanted what it is for, in words for an error message
record Call(
    String method,
    Repository repository,
    String target,
    Map<String, String> headers,
    Payload payload,
    List<Scope> scopes,
    String wanted) {

  private static final Payload NOTHING = Payload.of(new byte[0]);

  static Call of(String method, Repository repository, String path, String wanted) {
    boolean reads = method.equals("GET") || method.equals("HEAD");
    return new Call(
        method,
        repository,
        "/v2/" + repository.path() + "/" + path,
        Map.of(),
        NOTHING,
        reads ? Scope.pull(repository) : Scope.push(repository),
        wanted);
  }

  Call to(String uri) {
    return new Call(method, repository, uri, headers, payload, scopes, wanted);
  }

  Call with(String header, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(header, value);
    return new Call(method, repository, target, all, payload, scopes, wanted);
  }

  Call with(Payload payload) {
    return new Call(method, repository, target, headers, payload, scopes, wanted);
  }

  Call with(List<Scope> scopes) {
    return new Call(method, repository, target, headers, payload, scopes, wanted);
  }
}
