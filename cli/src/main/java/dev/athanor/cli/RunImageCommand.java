package dev.athanor.cli;

import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.engine.session.Goal;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.rootfs.DeleteTree;
import dev.athanor.oci.run.ContainerSpawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// `athanor run`: starts an image's entrypoint here, in a sandbox.
final class RunImageCommand implements Command {
  @Override
  public String name() {
    return "run";
  }

  @Override
  public String usage() {
    return "IMAGE [-- ARGS...]";
  }

  @Override
  public String summary() {
    return "Builds an image and runs it; words after -- replace its command.";
  }

  @Override
  public String description() {
    return """
    The entrypoint runs in a sandbox with the image as its root, on this terminal, without
    network. What it writes is gone when it ends. Its exit code becomes athanor's own.\
    """;
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    try (Workbench bench = new Workbench(invocation)) {
      AtomicReference<@Nullable Prepared> prepared = new AtomicReference<>();
      BuildResult result =
          bench.session.build(
              Goal.of(name(), target -> OpenImage.choose(target, OpenImage.Need.ROOTFS)),
              bench.patterns(List.of(invocation.onlyTarget())),
              built -> prepared.set(prepare(bench, built)));
      Prepared image = prepared.get();
      if (image == null) {
        return ExitCode.of(result.summary());
      }
      bench.console.close();
      throw new ExitWith(start(bench, image, invocation).code());
    }
  }

  private static @Nullable Prepared prepare(Workbench bench, BuildResult result)
      throws IOException, InterruptedException {
    for (OpenImage image : OpenImage.of(result, bench.blobs)) {
      if (image.rootfs().isPresent()) {
        return new Prepared(
            image.config(), bench.roots.directory(image.rootfs().get(), bench.blobs));
      }
    }
    return null;
  }

  /// An image, ready to be started.
  ///
  /// @param lower its root filesystem
  private record Prepared(ImageConfig config, Path lower) {}

  private static Exit start(Workbench bench, Prepared image, Invocation invocation)
      throws IOException, InterruptedException {
    Path scratch =
        Files.createDirectories(bench.cache.scratch("run").resolve(UUID.randomUUID().toString()));
    try {
      Spawn.Root root =
          new Spawn.Root.Overlay(
              List.of(image.lower),
              Files.createDirectory(scratch.resolve("upper")),
              Files.createDirectory(scratch.resolve("work")));
      return bench
          .sandbox
          .get()
          .run(ContainerSpawn.of(image.config, image.lower, root, invocation.rest()));
    } finally {
      DeleteTree.delete(scratch);
    }
  }
}
