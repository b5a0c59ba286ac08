package dev.athanor.sandbox;

import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Spawn;
import java.util.Collections;
import java.util.EnumSet;
import java.util.SequencedMap;
import java.util.Set;

/// What several sandboxes vary in the same way.
final class Varied {
  /// Variables that have other values.
  static final Set<Factor> VARIABLES =
      Collections.unmodifiableSet(
          EnumSet.of(Factor.TIME_ZONE, Factor.LOCALE, Factor.HOME, Factor.EXTRA_VARIABLE));

  private Varied() {}

  /// The two together.
  static Set<Factor> variablesAndInherited() {
    Set<Factor> factors = EnumSet.copyOf(VARIABLES);
    factors.add(Factor.ENVIRONMENT_ORDER);
    factors.addAll(inherited());
    return factors;
  }

  /// What every command inherits from the process that starts it, however far above.
  static Set<Factor> inherited() {
    Set<Factor> factors = EnumSet.of(Factor.UMASK);
    if (Processors.several()) {
      factors.add(Factor.PROCESSORS);
    }
    if (Addresses.fixable()) {
      factors.add(Factor.ADDRESSES);
    }
    return factors;
  }

  /// In the order in which the command gets it.
  static SequencedMap<String, String> environment(Spawn spawn) {
    return spawn.varied().contains(Factor.ENVIRONMENT_ORDER) ? spawn.env().reversed() : spawn.env();
  }

  /// Whether the command is to be followed by a [Tracer].
  static boolean traced(Spawn spawn) {
    return !Collections.disjoint(spawn.varied(), Factor.FOLLOWED);
  }
}
