package dev.athanor.oci.registry;

import com.sun.net.httpserver.Headers;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a [FakeRegistry] was asked.
///
/// @param query still encoded; empty when there is none
public record Request(String method, String path, String query, Headers headers) {
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.getFirst(name));
  }

  /// The first value of a query parameter.
  public Optional<String> parameter(String name) {
    return parameters(name).stream().findFirst();
  }

  public List<String> parameters(String name) {
    List<String> values = new ArrayList<>();
    for (String pair : query.split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        values.add(URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8));
      }
    }
    return values;
  }

  /// Whether this is about a blob that is to be read.
  public boolean readsBlob() {
    return method.equals("GET") && path.contains("/blobs/sha256:");
  }

  public boolean readsManifest() {
    return method.equals("GET") && path.contains("/manifests/");
  }

  /// `METHOD path?query`.
  @Override
  public String toString() {
    return method + " " + path + (query.isEmpty() ? "" : "?" + query);
  }

  static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
