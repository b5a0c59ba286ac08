package dev.athanor.testing;

import dev.athanor.engine.exec.Factor;
import java.util.EnumSet;
import java.util.Set;

/// The circumstances that a test asks about.
///
/// @param named whether it names them: then each has to be varied. Otherwise all that can be
record Asked(Set<Factor> factors, boolean named) {
  static final Asked ALL = new Asked(EnumSet.allOf(Factor.class), false);

  Asked {
    factors = Factor.setOf(factors);
  }

  static Asked of(Factor first, Factor... more) {
    return new Asked(EnumSet.of(first, more), true);
  }
}
