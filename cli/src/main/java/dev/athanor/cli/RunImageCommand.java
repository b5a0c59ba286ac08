package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.BuildResult;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.engine.plan.PlannedTarget;
import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.session.Goal;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.rootfs.DeleteTree;
import dev.athanor.oci.rootfs.RootFs;
import dev.athanor.oci.run.ContainerSpawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
              Goal.of(name(), RunImageCommand::choose),
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

  private static WantedTarget choose(ConfiguredTarget target) {
    ImageInfo info =
        target
            .providers()
            .get(ImageInfo.class)
            .orElseThrow(() ->
                new UserException(
                    target.label() + " (" + target.rule() + ") is not an image",
                    "run takes an image target, such as an oci_build_image"));
    return WantedTarget.of(
        target.label(),
        target.rule(),
        Map.of(ImagePart.IMAGE, List.of(info.image()), ImagePart.ROOTFS, List.of(info.rootfs())));
  }

  /// An image, ready to be started.
  ///
  /// @param lower its root filesystem
  private record Prepared(ImageConfig config, Path lower) {}

  private static @Nullable Prepared prepare(Workbench bench, BuildResult result)
      throws IOException, InterruptedException {
    PlannedTarget target = result.plan().targets().getFirst();
    Optional<Digest> image = ImagePart.file(ImagePart.IMAGE, target, result);
    Optional<Digest> rootfs = ImagePart.file(ImagePart.ROOTFS, target, result);
    if (image.isEmpty() || rootfs.isEmpty()) {
      return null;
    }
    Manifest manifest = Images.manifest(Images.read(image.get(), bench.blobs), bench.blobs);
    RootFs files = RootFs.parse(bench.blobs.read(rootfs.get()));
    return new Prepared(
        Images.config(manifest, bench.blobs), bench.roots.directory(files, bench.blobs));
  }

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
