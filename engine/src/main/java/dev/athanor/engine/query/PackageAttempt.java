package dev.athanor.engine.query;

import dev.athanor.engine.UserException;
import dev.athanor.engine.graph.Evaluation;
import dev.athanor.engine.graph.Key;
import dev.athanor.engine.loading.LoadedPackage;
import dev.athanor.engine.loading.PackageKey;

/// A package, or why there is none. Many can be loaded side by side without the first broken one
/// ending it all.
record PackageAttempt(PackageKey key) implements Key<PackageAttempt.Result> {
  /// What came of it.
  sealed interface Result {
    record Loaded(LoadedPackage pkg) implements Result {}

    record Broken(UserException error) implements Result {}
  }

  @Override
  public Result compute(Evaluation evaluation) throws InterruptedException {
    try {
      return new Result.Loaded(evaluation.get(key));
    } catch (UserException e) {
      boolean declared = key.packages().buildFile(key.path(), evaluation).isPresent();
      return new Result.Broken(declared ? new BrokenPackage(e) : e);
    }
  }

  @Override
  public String toString() {
    return key.toString();
  }
}
