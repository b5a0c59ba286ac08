package dev.athanor.engine.analysis;

import dev.athanor.engine.UserException;
import dev.athanor.engine.loading.Target;

/// A target cannot be analysed because of something it depends on. Says who needed it, once: the
/// nearest target.
final class BrokenDependency extends UserException {
  private static final long serialVersionUID = 1;

  BrokenDependency(Target target, UserException cause) {
    super(
        cause.getMessage() + "\n  needed by " + target.label() + " at " + target.location(),
        cause.hint().orElse(""),
        cause);
  }
}
