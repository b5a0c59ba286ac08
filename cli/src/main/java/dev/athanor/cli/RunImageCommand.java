package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.oci.action.RootCache;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.rootfs.DeleteTree;
import dev.athanor.oci.run.Container;
import dev.athanor.oci.run.RuntimeConfig;
import dev.athanor.sandbox.ContainerRuntime;
import dev.athanor.sandbox.Sandboxes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;

/// `athanor run`: starts an image's entrypoint here, in a container.
final class RunImageCommand implements Command {
  private static final String RUNTIME = "runtime";
  private static final String SANDBOX = "sandbox";
  private static final String NETWORK = "network";
  private static final String ENV = "env";
  private static final String VOLUME = "volume";
  private static final String USER = "user";
  private static final String WORKDIR = "workdir";
  private static final String ENTRYPOINT = "entrypoint";

  @Override
  public String name() {
    return "run";
  }

  @Override
  public boolean isBuild() {
    return true;
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
    The entrypoint runs in a container with the image as its root, on this terminal, without
    network unless --network is given. What it writes is gone when it ends. Its exit code becomes
    athanor's own, and a signal that would end athanor reaches it first.

    The container is made by runc or crun where one of them is installed, and by Athanor's own
    sandbox otherwise, or when --sandbox names one. IMAGE may also be an archive of `docker save`
    or `skopeo`, or a directory with an image layout.\
    """;
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(
            GlobalFlags.value(
                null, RUNTIME, "NAME", "what makes the container: auto, runc, crun or sandbox"))
        .addOption(GlobalFlags.flag(null, NETWORK, "let it see the host's network"))
        .addOption(
            GlobalFlags.value(null, ENV, "NAME=VALUE", "set a variable for it; may be given again"))
        .addOption(
            GlobalFlags.value(
                null,
                VOLUME,
                "HOST:PATH[:ro]",
                "show it a file or directory of the host; may be given again"))
        .addOption(
            GlobalFlags.value(null, USER, "USER[:GROUP]", "run as somebody else than it says"))
        .addOption(GlobalFlags.value(null, WORKDIR, "PATH", "start in another directory"))
        .addOption(
            GlobalFlags.value(
                null, ENTRYPOINT, "PROGRAM", "run this in place of entrypoint and command"));
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    Container.Wishes wishes = wishes(invocation);
    List<String> runtimes = runtimes(invocation);
    AtomicReference<@Nullable Prepared> prepared = new AtomicReference<>();
    try (ImageDesk desk =
        ImageDesk.open(
            invocation,
            List.of(invocation.onlyTarget()),
            OpenImage.Need.ROOTFS,
            (images, blobs, flags) -> prepared.set(prepare(images, blobs, flags)))) {
      Prepared image = prepared.get();
      if (image == null) {
        return desk.failure();
      }
      Container container = Container.of(image.config, image.lower, wishes);
      throw new ExitWith(new Run(desk.flags(), image, container).start(runtimes).code());
    }
  }

  private static @Nullable Prepared prepare(
      List<OpenImage> images, BlobStore blobs, GlobalFlags flags)
      throws IOException, InterruptedException {
    RootCache roots = new RootCache(new CacheFolder(flags.cacheDir()).roots(), flags.jobs());
    for (OpenImage image : images) {
      if (image.rootfs().isPresent()) {
        return new Prepared(image.config(), roots.directory(image.rootfs().get(), blobs));
      }
    }
    return null;
  }

  /// An image, ready to be started.
  ///
  /// @param lower its root filesystem
  private record Prepared(ImageConfig config, Path lower) {}

  /// One container, and what it is started with.
  private record Run(GlobalFlags flags, Prepared image, Container container) {
    private CacheFolder cache() {
      return new CacheFolder(flags.cacheDir());
    }

    Exit start(List<String> runtimes) throws IOException, InterruptedException {
      for (String name : runtimes) {
        Optional<Exit> exit = start(name);
        if (exit.isPresent()) {
          return exit.get();
        }
        if (runtimes.size() == 1) {
          throw new UserException(
              name + " cannot start this container here",
              "it has said why, is not installed, or cannot have this user; --runtime=sandbox can");
        }
      }
      try (Sandbox sandbox = Sandboxes.choose(flags.sandbox(), cache().sandboxState()).sandbox()) {
        return inScratch(scratch -> sandbox.run(container.spawn(overlay(scratch))));
      }
    }

    /// How it ended that a runtime has started; empty when it could not.
    private Optional<Exit> start(String name) throws IOException, InterruptedException {
      Optional<ContainerRuntime> found = ContainerRuntime.find(name, cache().sandboxState());
      if (found.isEmpty()) {
        return Optional.empty();
      }
      try (ContainerRuntime runtime = found.get()) {
        return runtime.hasUser(container.user().uid(), container.user().gid())
            ? inScratch(scratch -> start(runtime, scratch))
            : Optional.empty();
      }
    }

    private Optional<Exit> start(ContainerRuntime runtime, Path scratch)
        throws IOException, InterruptedException {
      Path bundle = Files.createDirectory(scratch.resolve("bundle"));
      Files.createDirectory(bundle.resolve(RuntimeConfig.ROOTFS));
      boolean terminal = ContainerRuntime.onTerminal();
      Files.write(
          bundle.resolve(RuntimeConfig.FILE),
          RuntimeConfig.of(
              container,
              image.config,
              new RuntimeConfig.Options(terminal, runtime.rootless(), 0, 0, false)));
      return runtime.run(bundle, RuntimeConfig.ROOTFS, overlay(scratch));
    }

    private Spawn.Root.Overlay overlay(Path scratch) throws IOException {
      Path upper = Files.createDirectory(scratch.resolve("upper"));
      // The container sees it as its root, which must not have the mode that our umask gives it.
      Files.setPosixFilePermissions(upper, Files.getPosixFilePermissions(image.lower));
      return new Spawn.Root.Overlay(
          List.of(image.lower), upper, Files.createDirectory(scratch.resolve("work")));
    }

    private interface Work<T> {
      T in(Path scratch) throws IOException, InterruptedException;
    }

    private <T> T inScratch(Work<T> work) throws IOException, InterruptedException {
      Path scratch =
          Files.createDirectories(cache().scratch("run").resolve(UUID.randomUUID().toString()));
      try {
        return work.in(scratch);
      } finally {
        DeleteTree.delete(scratch);
      }
    }
  }

  /// What to try, before the sandbox where there are several.
  private static List<String> runtimes(Invocation invocation) {
    CommandLine options = invocation.options();
    String name = options.getOptionValue(RUNTIME, "auto");
    return switch (name) {
      case "auto" -> options.hasOption(SANDBOX) ? List.of() : ContainerRuntime.NAMES;
      case "sandbox" -> List.of();
      default -> {
        if (!ContainerRuntime.NAMES.contains(name)) {
          throw new UserException(
              "there is no runtime '" + name + "'",
              "choose one of auto, sandbox, " + String.join(", ", ContainerRuntime.NAMES));
        }
        yield List.of(name);
      }
    };
  }

  private static Container.Wishes wishes(Invocation invocation) {
    CommandLine options = invocation.options();
    return new Container.Wishes(
        invocation.rest(),
        Optional.ofNullable(options.getOptionValue(ENTRYPOINT)),
        GlobalFlags.pairs(options, ENV),
        Optional.ofNullable(options.getOptionValue(USER)),
        Optional.ofNullable(options.getOptionValue(WORKDIR)),
        options.hasOption(NETWORK),
        volumes(invocation));
  }

  private static List<Spawn.Bind> volumes(Invocation invocation) {
    List<Spawn.Bind> volumes = new ArrayList<>();
    for (String entry : GlobalFlags.all(invocation.options(), VOLUME)) {
      boolean readOnly = entry.endsWith(":ro");
      String pair = readOnly ? entry.substring(0, entry.length() - ":ro".length()) : entry;
      int colon = pair.lastIndexOf(':');
      if (colon <= 0 || !pair.startsWith("/", colon + 1)) {
        throw new UserException(
            "--volume: '" + entry + "' is not HOST:PATH or HOST:PATH:ro",
            "PATH is absolute, in the container");
      }
      Path source = invocation.terminal().directory().resolve(pair.substring(0, colon));
      if (!Files.exists(source)) {
        throw new UserException("--volume: the host has no " + source, "make it first");
      }
      volumes.add(new Spawn.Bind(source, pair.substring(colon + 1), !readOnly));
    }
    return volumes;
  }
}
