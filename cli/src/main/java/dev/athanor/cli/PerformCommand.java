package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.oci.action.OciActions;
import dev.athanor.oci.action.RootCache;
import dev.athanor.oci.rootfs.DeleteTree;
import dev.athanor.oci.rule.Catalogue;
import dev.athanor.remote.execution.Performance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// `athanor perform`: runs one built-in action on a worker, for an Athanor that sent it there.
final class PerformCommand implements Command {
  /// As Bazel's for blobs that a remote cache has lost: whoever sent the action is to send more.
  private static final int LACKING = 39;

  @Override
  public String name() {
    return "perform";
  }

  @Override
  public boolean hidden() {
    return true;
  }

  @Override
  public String usage() {
    return "FILE";
  }

  @Override
  public String summary() {
    return "Runs an action that another Athanor has sent here.";
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    Path file = invocation.terminal().directory().resolve(invocation.onlyTarget());
    Path scratch = Files.createTempDirectory("athanor-perform");
    try (DiskBlobStore made = DiskBlobStore.open(scratch)) {
      OciActions oci = actions(new CacheFolder(scratch), GlobalFlags.jobs(invocation.options()));
      return switch (new Performance(file, made).run(Catalogue.types(oci))) {
        case DONE -> ExitCode.SUCCESS;
        case FAILED -> ExitCode.BUILD_FAILED;
        case LACKING -> throw new ExitWith(LACKING);
      };
    } finally {
      DeleteTree.delete(scratch);
    }
  }

  /// Those that need a registry or a sandbox are not sent here.
  private static OciActions actions(CacheFolder cache, int jobs) {
    return OciActions.of(
        _ -> {
          throw stays("a registry");
        },
        () -> {
          throw stays("a sandbox");
        },
        new RootCache(cache.roots(), jobs),
        cache.scratch("steps"),
        cache.pieces(),
        jobs);
  }

  private static UserException stays(String what) {
    return new UserException("an action that needs " + what + " does not run on a worker");
  }
}
