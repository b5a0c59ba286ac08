package dev.athanor.engine.bzl;

import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.util.Map;

/// Takes the targets that calls of rules declare. Found in the thread of a BUILD file only.
public interface TargetSink {
  void add(StarlarkThread thread, Rule rule, Map<String, Object> arguments);
}
