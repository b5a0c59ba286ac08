package dev.athanor.oci.action;

import com.google.common.base.Splitter;
import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.oci.image.Image;
import dev.athanor.oci.image.Images;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.rootfs.Capture;
import dev.athanor.oci.rootfs.DeleteTree;
import dev.athanor.oci.rootfs.Masks;
import dev.athanor.oci.rootfs.Materialize;
import dev.athanor.oci.rootfs.RootFs;
import dev.athanor.oci.run.Container;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/// Runs a shell command in a root filesystem and keeps what it changed: a step of building an
/// image.
///
/// Inputs: the base's image file, for its environment; the root filesystem before; and root
/// filesystems that make it up when they are laid over each other. Output: the root filesystem
/// after. Parameters: `command`, `network`, `volumes` (whether those of the base are masked),
/// `layered` with the paths of those root filesystems, the topmost first, and `env:NAME` for each
/// variable that the target sets.
///
/// What it writes gets the epoch as its time, so that the same command gives the same bytes. What
/// it writes to a volume of the base is not kept: a container would have another directory there.
public final class RunCommand extends OciAction {
  private static final String ENV = "env:";
  private static final String NETWORK = "network";
  private static final Duration TIME_LIMIT = Duration.ofHours(1);

  private final Supplier<Sandbox> sandbox;
  private final RootCache roots;
  private final Path scratch;

  RunCommand(Supplier<Sandbox> sandbox, RootCache roots, Path scratch) {
    super("oci.run", 4, Resource.CPU);
    this.sandbox = sandbox;
    this.roots = roots;
    this.scratch = scratch;
  }

  /// The parameters of an action of this type.
  public static SortedMap<String, String> params(
      String command,
      SortedMap<String, String> env,
      boolean network,
      boolean volumes,
      List<Artifact> layered) {
    SortedMap<String, String> params = new TreeMap<>();
    params.put("volumes", String.valueOf(volumes));
    params.put(NETWORK, String.valueOf(network));
    params.put("command", command);
    params.put("layered", String.join(":", layered.stream().map(a -> a.path().text()).toList()));
    env.forEach((name, value) -> params.put(ENV + name, value));
    return params;
  }

  @Override
  public boolean spawns() {
    return true;
  }

  @Override
  public boolean reachesNetwork(Map<String, String> params) {
    return Boolean.parseBoolean(params.get(NETWORK));
  }

  /// It needs a sandbox.
  @Override
  public boolean portable() {
    return false;
  }

  @Override
  public void run(ActionContext context) throws IOException, InterruptedException {
    BlobStore blobs = context.blobs();
    List<Artifact> inputs = context.action().inputs();
    Image image = Images.read(context.file(inputs.get(0)), blobs);
    ImageConfig config = Images.config(Images.manifest(image, blobs), blobs);
    Masks volumes = Boolean.parseBoolean(context.param("volumes")) ? volumes(config) : Masks.NONE;
    RootFs before = RootFs.parse(context.read(inputs.get(1)));
    List<Path> lower = new ArrayList<>();
    for (String path : Splitter.on(':').split(context.param("layered"))) {
      Artifact layer =
          inputs.stream().filter(in -> in.path().text().equals(path)).findFirst().orElseThrow();
      lower.add(roots.directory(RootFs.parse(context.read(layer)), blobs));
    }
    Path directory = Files.createDirectories(scratch.resolve(UUID.randomUUID().toString()));
    try {
      Path upper = directory.resolve("upper");
      // It is the root that the command sees, and must not have the mode that our umask gives it.
      new Materialize(blobs, Materialize.Owners.here(), 1).directoryAlone(before, upper);
      Path work = Files.createDirectory(directory.resolve("work"));
      Path output = Files.createFile(directory.resolve("output"));
      Spawn.Root root = new Spawn.Root.Overlay(lower, upper, work);
      Exit exit = sandbox.get().run(spawn(context, config, root, output));
      if (!exit.success()) {
        throw new ActionException(
            "the command failed with "
                + exit.summary()
                + ": "
                + context.param("command")
                + "\n"
                + new String(Files.readAllBytes(output), StandardCharsets.UTF_8).stripTrailing(),
            "");
      }
      RootFilesystems.output(context, new Capture(blobs, options(volumes)).overlay(before, upper));
    } finally {
      DeleteTree.delete(directory);
    }
  }

  private Spawn spawn(ActionContext context, ImageConfig config, Spawn.Root root, Path output) {
    boolean network = reachesNetwork(context.action().params());
    return new Spawn(
        List.of("/bin/sh", "-c", context.param("command")),
        environment(context, config),
        config.workingDir().orElse("/"),
        root,
        network ? Container.resolver() : List.of(),
        Spawn.User.ROOT,
        "athanor",
        network,
        new Spawn.Limits(Optional.of(TIME_LIMIT), Optional.empty(), Optional.empty()),
        new Spawn.Stdio.Files(output, output));
  }

  private static SortedMap<String, String> environment(ActionContext context, ImageConfig config) {
    SortedMap<String, String> env = Container.environment(config, "/root");
    env.putIfAbsent("SOURCE_DATE_EPOCH", "0");
    context
        .action()
        .params()
        .forEach((name, value) -> {
          if (name.startsWith(ENV)) {
            env.put(name.substring(ENV.length()), value);
          }
        });
    return env;
  }

  private static Capture.Options options(Masks volumes) {
    return new Capture.Options(
        Masks.RUN.and(volumes), Optional.of(Instant.EPOCH), Capture.Owners.here());
  }

  private static Masks volumes(ImageConfig config) {
    try {
      return Masks.parse(config.volumes());
    } catch (IllegalArgumentException e) {
      throw new ActionException("a volume of the base is " + e.getMessage(), "", e);
    }
  }
}
