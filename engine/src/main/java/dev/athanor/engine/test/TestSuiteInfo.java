package dev.athanor.engine.test;

import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.Provider;
import java.util.List;

/// Provided by targets that stand for several tests.
///
/// @param tests may be suites themselves
public record TestSuiteInfo(List<ConfiguredTarget> tests) implements Provider {
  public TestSuiteInfo {
    tests = List.copyOf(tests);
  }
}
