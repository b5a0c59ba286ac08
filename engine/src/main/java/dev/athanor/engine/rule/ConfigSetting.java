package dev.athanor.engine.rule;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A condition that `select` can name: holds when the configuration has all these values.
///
/// @param wanted by name: `os`, `architecture`, `variant`, and `flag:NAME` for each flag
public record ConfigSetting(SortedMap<String, String> wanted) implements Provider {
  public static final String FLAG = "flag:";

  public ConfigSetting {
    wanted = Collections.unmodifiableSortedMap(new TreeMap<>(wanted));
  }

  public boolean holds(Configuration configuration) {
    return wanted.entrySet().stream()
        .allMatch(want -> want.getValue().equals(value(want.getKey(), configuration)));
  }

  /// Whether this asks for all that `that` asks for, and for more.
  public boolean refines(ConfigSetting that) {
    return wanted.size() > that.wanted.size()
        && wanted.entrySet().containsAll(that.wanted.entrySet());
  }

  private static String value(String name, Configuration configuration) {
    Map<String, String> platform =
        Map.of(
            "os", configuration.os(),
            "architecture", configuration.architecture(),
            "variant", configuration.variant());
    return name.startsWith(FLAG)
        ? configuration.flags().getOrDefault(name.substring(FLAG.length()), "")
        : platform.getOrDefault(name, "");
  }
}
