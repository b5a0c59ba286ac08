package dev.athanor.sandbox;

import dev.athanor.engine.exec.Spawn;
import dev.athanor.sandbox.SandboxSpec.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Renders a [SandboxSpec] as arguments of bubblewrap.
///
/// It makes /dev by itself, and mount points where it can; steps for those are left out. It cannot
/// lay directories over each other, so a root that lacks mount points is taken apart instead: each
/// entry of the image is bound into an empty root.
final class BwrapArguments {
  private static final String NO_LAYERS = "bwrap cannot lay directories over each other";
  private static final SetupOp SEALED_ROOT = new SetupOp.Seal("/");

  private final SandboxSpec spec;
  private final Host host;
  private final Map<String, Path> files = new HashMap<>();
  private final List<String> arguments = new ArrayList<>();

  private BwrapArguments(SandboxSpec spec, Host host) {
    this.spec = spec;
    this.host = host;
  }

  /// @param dir a folder for files that the arguments refer to
  /// @throws IOException when bubblewrap cannot make such a view
  static List<String> of(SandboxSpec spec, Host host, Path dir) throws IOException {
    BwrapArguments it = new BwrapArguments(spec, host);
    it.namespaces();
    it.steps(dir);
    Spawn spawn = spec.spawn();
    it.add("--hostname", spawn.hostname());
    it.add("--chdir", spawn.directory());
    it.add("--clearenv");
    Varied.environment(spawn).forEach((name, value) -> it.add("--setenv", name, value));
    return it.arguments;
  }

  private void add(String... more) {
    arguments.addAll(List.of(more));
  }

  private void namespaces() throws IOException {
    Spawn spawn = spec.spawn();
    add("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try");
    if (!spawn.network()) {
      add("--unshare-net");
    }
    if (spawn.stdio() instanceof Spawn.Stdio.Files) {
      add("--new-session");
    }
    add("--die-with-parent", "--cap-drop", "ALL");
    if (host.needsUserNamespace(spec.identity())) {
      add("--unshare-user");
      add("--uid", Integer.toString(spawn.user().uid()));
      add("--gid", Integer.toString(spawn.user().gid()));
    } else if (spawn.user().uid() != 0) {
      throw new IOException("bwrap cannot become another user");
    }
    if (spec.identity() == Identity.RANGE && spawn.user().uid() == 0) {
      for (Capability capability : Capability.values()) {
        add("--cap-add", "CAP_" + capability);
      }
    }
  }

  private void steps(Path dir) throws IOException {
    List<SetupOp> steps = Stream.concat(spec.base().stream(), spec.own().stream()).toList();
    for (SetupOp step : steps) {
      if (!step.equals(SEALED_ROOT)) {
        add(step, dir);
      }
    }
    if (!(steps.getFirst() instanceof SetupOp.DirectoryRoot)) {
      // Last, because mount points are made on the way.
      add("--remount-ro", "/");
    }
  }

  private void add(SetupOp step, Path dir) throws IOException {
    switch (step) {
      case SetupOp.EmptyRoot() -> {}
      case SetupOp.DirectoryRoot(var directory) -> add("--ro-bind", directory.toString(), "/");
      case SetupOp.OverlayRoot root -> takenApart(root);
      case SetupOp.Mkdir(var target) when inDev(target) -> {}
      case SetupOp.Mkdir(var target) -> add("--dir", target);
      case SetupOp.Touch _ -> {}
      case SetupOp.File(var target, var text) ->
          add("--ro-bind", file(dir, text).toString(), target);
      case SetupOp.Noise _ -> throw new IOException("the bwrap sandbox has no fixed noise");
      case SetupOp.Symlink(var target, _) when inDev(target) -> {}
      case SetupOp.Symlink(var target, var text) -> add("--symlink", text, target);
      case SetupOp.Bind(var source, var target, var writable) ->
          add(writable ? "--bind" : "--ro-bind", source.toString(), target);
      case SetupOp.Overlay _ -> throw new IOException(NO_LAYERS);
      case SetupOp.Device _ -> {}
      case SetupOp.Tmpfs(var target, _) when target.equals("/dev") -> add("--dev", target);
      case SetupOp.Tmpfs(var target, var mode) ->
          add("--perms", "0" + Integer.toOctalString(mode), "--tmpfs", target);
      case SetupOp.Devpts _ -> {}
      case SetupOp.Proc(var target) -> add("--proc", target, "--remount-ro", target);
      case SetupOp.Seal(var target) when inDev(target) -> {}
      case SetupOp.Seal(var target) -> add("--remount-ro", target);
    }
  }

  private static boolean inDev(String target) {
    return Skeleton.isBelow(target, "/dev");
  }

  private void takenApart(SetupOp.OverlayRoot root) throws IOException {
    Optional<SetupOp.Upper> upper = root.upper();
    if (upper.isPresent() || root.lower().size() != 1) {
      throw new IOException(NO_LAYERS);
    }
    try (Stream<Path> entries = Files.list(root.lower().getFirst())) {
      for (Path entry : entries.sorted(Comparator.naturalOrder()).toList()) {
        String target = "/" + entry.getFileName();
        if (Files.isSymbolicLink(entry)) {
          add("--symlink", Files.readSymbolicLink(entry).toString(), target);
        } else if (!Planner.STANDARD.contains(target)
            && Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) {
          add("--ro-bind", entry.toString(), target);
        }
      }
    }
  }

  /// A file with the given text, made once.
  private Path file(Path dir, String text) throws IOException {
    Path known = files.get(text);
    if (known == null) {
      known = Files.writeString(dir.resolve("file" + files.size()), text);
      files.put(text, known);
    }
    return known;
  }
}
