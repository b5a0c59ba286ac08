package dev.athanor.oci.registry;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// One way in which a registry, or the network before it, goes wrong. See [Faults].
public interface Fault {
  /// Answers in the registry's place; null lets it answer itself.
  default @Nullable Answer before(Request request) throws IOException {
    return null;
  }

  /// Spoils what the registry would have answered.
  default Answer after(Request request, Answer answer) throws IOException {
    return answer;
  }

  /// Spoils what the registry reads.
  default InputStream body(Request request, InputStream body) {
    return body;
  }
}
