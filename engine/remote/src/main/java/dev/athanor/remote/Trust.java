package dev.athanor.remote;

import build.bazel.remote.execution.v2.ActionResult;
import dev.athanor.engine.digest.Digest;

/// Whose word on the result of an action counts, and how we give ours.
public interface Trust {
  /// Every word counts, and nobody signs.
  Trust ALL =
      new Trust() {
        @Override
        public boolean accepts(Digest key, ActionResult result) {
          return true;
        }

        @Override
        public ActionResult signed(Digest key, ActionResult result) {
          return result;
        }
      };

  /// Whether somebody vouches for it who may.
  boolean accepts(Digest key, ActionResult result);

  /// The same with our signature, if we have one.
  ActionResult signed(Digest key, ActionResult result);
}
