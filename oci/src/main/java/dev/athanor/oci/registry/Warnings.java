package dev.athanor.oci.registry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Passes on what registries warn of: `Warning: 299 - "text"`, once for each registry and text.
final class Warnings {
  private final Consumer<String> listener;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  Warnings(Consumer<String> listener) {
    this.listener = listener;
  }

  void tell(Reply reply) {
    for (String header : reply.headers().allValues("Warning")) {
      int quote = header.indexOf('"');
      int end = header.lastIndexOf('"');
      if (header.startsWith("299 ") && end > quote) {
        String text = ErrorBody.printable(header.substring(quote + 1, end));
        String warning = reply.uri().getAuthority() + " warns: " + text;
        if (told.add(warning)) {
          listener.accept(warning);
        }
      }
    }
  }
}
