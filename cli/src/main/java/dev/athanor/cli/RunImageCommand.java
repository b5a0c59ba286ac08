package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.Build;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.tree.Content;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.ImageInfo;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.rootfs.DeleteTree;
import dev.athanor.oci.rootfs.RootFs;
import dev.athanor.oci.run.ContainerSpawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

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
      ConfiguredTarget target = bench.targets(List.of(invocation.onlyTarget())).getFirst();
      ImageInfo info =
          target
              .providers()
              .get(ImageInfo.class)
              .orElseThrow(() ->
                  new UserException(
                      target.label() + " (" + target.rule() + ") is not an image",
                      "run takes an image target, such as an oci_build_image"));
      Build.Result result =
          bench.session.build(List.of(target), List.of(info.image(), info.rootfs()));
      if (!result.summary().success()) {
        return ExitCode.BUILD_FAILED;
      }
      bench.console.close();
      throw new ExitWith(start(bench, info, result, invocation).code());
    }
  }

  private static Exit start(
      Workbench bench, ImageInfo info, Build.Result result, Invocation invocation)
      throws IOException, InterruptedException {
    Image image = Images.read(file(result, info.image()), bench.blobs);
    ImageConfig config = Images.config(Images.manifest(image, bench.blobs), bench.blobs);
    RootFs rootfs = RootFs.parse(bench.blobs.read(file(result, info.rootfs())));
    Path lower = bench.roots.directory(rootfs, bench.blobs);
    Path scratch =
        Files.createDirectories(bench.cache.scratch("run").resolve(UUID.randomUUID().toString()));
    try {
      Spawn.Root root =
          new Spawn.Root.Overlay(
              List.of(lower),
              Files.createDirectory(scratch.resolve("upper")),
              Files.createDirectory(scratch.resolve("work")));
      return bench.sandbox.get().run(ContainerSpawn.of(config, lower, root, invocation.rest()));
    } finally {
      DeleteTree.delete(scratch);
    }
  }

  private static Digest file(Build.Result result, Artifact artifact) {
    if (result.contents().get(artifact) instanceof Content.File(var digest, _)) {
      return digest;
    }
    throw new IllegalStateException(artifact + " was not made");
  }
}
