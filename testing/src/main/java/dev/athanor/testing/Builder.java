package dev.athanor.testing;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.diff.Comparison;
import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.diff.Limits;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.label.TargetPattern;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.session.Goal;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import dev.athanor.engine.verify.Verifier;
import dev.athanor.oci.diff.ImageFormats;
import dev.athanor.oci.rule.DescriptionInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Builds and verifies, one thing at a time.
final class Builder implements AutoCloseable {
  private static final Goal GOAL = Goal.of("build", Builder::choose);

  private final BuildLog log = new BuildLog();
  private final Wiring wiring;

  Builder(Settings settings) {
    wiring = new Wiring(settings, log);
  }

  /// What `athanor build` shows.
  private static WantedTarget choose(ConfiguredTarget target) {
    List<Artifact> files = new ArrayList<>(target.providers().defaultInfo().files());
    target.providers().get(DescriptionInfo.class).ifPresent(info -> files.add(info.file()));
    return WantedTarget.of(target.label(), target.rule(), Map.of(WantedTarget.FILES, files));
  }

  Build build(String pattern) {
    log.clear();
    Keep keep = new Keep(pattern);
    try {
      TargetPattern parsed = TargetPattern.parse(pattern, RelativePath.ROOT);
      BuildResult result = wiring.session().build(GOAL, List.of(parsed), keep::read);
      Build made = keep.build;
      if (!result.summary().success() || made == null) {
        throw BuildFailed.of(pattern, log.failures());
      }
      return made;
    } catch (UserException e) {
      throw BuildFailed.of(pattern, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /// Takes what a build made while everything of it can be read.
  private final class Keep {
    private final String pattern;
    private @Nullable Build build;

    Keep(String pattern) {
      this.pattern = pattern;
    }

    void read(BuildResult result) {
      if (result.summary().success()) {
        build = new Build(pattern, result, log.executed(), wiring.blobs);
      }
    }
  }

  /// @param actions of the build's plan
  Verification verify(Build build, String what, BitSet actions, Asked asked) {
    Verifier.Choice choice = new Verifier.Choice(asked.factors(), false, 1, 0, false);
    try (Verifier verifier =
        new Verifier(wiring.scheduler, wiring.reruns, wiring.ledger, comparison(), choice)) {
      actions.stream().forEach(number -> verifier.consider(number, build.state()));
      return new Verification(what, verifier.await(), build.plan(), asked);
    } catch (UserException e) {
      throw BuildFailed.of(what, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /// How something that was made elsewhere differs from what was made here.
  List<Difference> differences(Output here, Output there) {
    try {
      Set<Digest> needed = new HashSet<>();
      Trees.addBlobs(there.content(), there.blobs(), needed);
      for (Digest blob : wiring.blobs.missing(needed)) {
        try (InputStream in = there.blobs().open(blob)) {
          var _ = wiring.blobs.put(in);
        }
      }
      return comparison().of(here.content(), there.content()).list();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Comparison comparison() {
    return new Comparison(wiring.blobs, ImageFormats.ALL, Limits.DEFAULT, wiring.spool);
  }

  Set<Factor> varies() {
    return Factor.setOf(wiring.commands.varies());
  }

  String sandboxName() {
    return wiring.commands.name();
  }

  static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", e);
  }

  @Override
  public void close() throws IOException {
    wiring.close();
  }
}
