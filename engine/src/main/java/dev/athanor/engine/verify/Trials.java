package dev.athanor.engine.verify;

import dev.athanor.engine.diff.Comparison;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Rerun;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/// The runs that it takes to reach a verdict on one action.
final class Trials {
  private final Settled settled;
  private final Reruns reruns;
  private final Comparison comparison;
  private final Set<Factor> varied;
  private int runs;

  /// @param varied what can be varied
  Trials(Settled settled, Reruns reruns, Comparison comparison, Set<Factor> varied) {
    this.settled = settled;
    this.reruns = reruns;
    this.comparison = comparison;
    this.varied = Factor.setOf(varied);
  }

  /// How often the action ran.
  int runs() {
    return runs;
  }

  /// @param concerning what the action could depend on
  Verdict verdict(Set<Factor> concerning) throws IOException, InterruptedException {
    Set<Factor> factors = EnumSet.copyOf(varied);
    Explanation explanation = search(factors);
    if (explanation.varied() instanceof Rerun.Failed && cannotBeFollowed()) {
      factors.removeAll(Factor.FOLLOWED);
      explanation = search(factors);
    }
    Set<Factor> open = EnumSet.copyOf(concerning);
    open.removeAll(factors);
    return explanation.stable()
        ? new Verdict.Stable(factors, open, false)
        : new Verdict.Unstable(factors, open, explanation.causes());
  }

  private Explanation search(Set<Factor> factors) throws IOException, InterruptedException {
    return new Search(
            this::run, factors, new Rerun.Made(settled.outputs()), new OutputContrast(comparison))
        .run();
  }

  /// Whether it fails whatever is varied by following each step of it, as what follows others does.
  private boolean cannotBeFollowed() throws IOException, InterruptedException {
    Set<Factor> followed = EnumSet.copyOf(Factor.FOLLOWED);
    followed.retainAll(varied);
    for (Factor factor : followed) {
      if (run(Set.of(factor)) instanceof Rerun.Made) {
        return false;
      }
    }
    return followed.size() > 1;
  }

  private Rerun run(Set<Factor> factors) throws IOException, InterruptedException {
    runs++;
    return reruns.run(settled.action(), settled.inputs(), factors);
  }
}
