package dev.athanor.sandbox;

import dev.athanor.engine.exec.Circumstances;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Spawn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Renders a [SandboxSpec] as a shell script that builds the view with `mount`, for process 1 of
/// new namespaces in which it is user 0.
///
/// The command does not run as that user, but in yet another user namespace, where it is whom it
/// should be and has no power over the mounts. There it changes its root, and it cannot make
/// namespaces of its own, which it could use to get out of that root again.
final class UnshareScript {
  private static final String NO_LAYERS = "the unshare sandbox takes no writes over a directory";

  private final StringBuilder script = new StringBuilder("set -e\n");
  private final String stage;

  private UnshareScript(String stage) {
    this.stage = stage;
  }

  /// @param complete a file to make when the command has ended
  /// @throws IOException when `mount` and `unshare` cannot make such a view
  static String of(SandboxSpec spec, String stage, String complete) throws IOException {
    if (spec.identity() != SandboxSpec.Identity.SINGLE || spec.spawn().user().uid() == 0) {
      throw new IOException("the unshare sandbox has no user 0 and no other ids");
    }
    UnshareScript it = new UnshareScript(stage);
    it.line("hostname", spec.spawn().hostname());
    for (SetupOp step : Stream.concat(spec.base().stream(), spec.own().stream()).toList()) {
      it.add(step);
    }
    // One more user namespace is needed, and then no others.
    it.script.append("echo 1 > /proc/sys/user/max_user_namespaces\n");
    it.command(spec.spawn(), complete);
    return it.script.toString();
  }

  private void command(Spawn spawn, String complete) {
    String env =
        Varied.environment(spawn).entrySet().stream()
            .map(UnshareScript::assignment)
            .collect(Collectors.joining(" "));
    String user = "--map-user=" + spawn.user().uid() + " --map-group=" + spawn.user().gid();
    String session = spawn.stdio() instanceof Spawn.Stdio.Files ? "setsid --wait " : "";
    boolean umask = spawn.varied().contains(Factor.UMASK);
    script.append("umask %o\nset +e\n".formatted(umask ? Circumstances.UMASK : 022));
    script.append("env -i ").append(env).append(" ").append(session);
    script.append("setpriv --no-new-privs unshare --user ").append(user);
    script
        .append(" --root=")
        .append(quote(stage))
        .append(" --wd=")
        .append(quote(spawn.directory()));
    script.append(" -- \"$@\"\n");
    script.append("code=$?\n: > ").append(quote(complete)).append("\nexit $code\n");
  }

  private static String assignment(Map.Entry<String, String> variable) {
    return quote(variable.getKey() + "=" + variable.getValue());
  }

  private void add(SetupOp step) throws IOException {
    switch (step) {
      case SetupOp.EmptyRoot() -> tmpfs("/", 0755);
      case SetupOp.DirectoryRoot(var directory) -> bind(directory.toString(), "/", false);
      case SetupOp.OverlayRoot root -> overlay(root);
      case SetupOp.Mkdir(var target) -> line("mkdir", inside(target));
      case SetupOp.Touch(var target) ->
          script.append(": > ").append(quote(inside(target))).append('\n');
      case SetupOp.File(var target, var text) ->
          script
              .append("printf %s ")
              .append(quote(text))
              .append(" > ")
              .append(quote(inside(target)))
              .append('\n');
      case SetupOp.Noise _ -> throw new IOException("the unshare sandbox has no fixed noise");
      case SetupOp.Symlink(var target, var text) -> line("ln", "-s", text, inside(target));
      case SetupOp.Bind(var source, var target, var writable) ->
          bind(source.toString(), target, writable);
      case SetupOp.Overlay _ -> throw new IOException(NO_LAYERS);
      case SetupOp.Device(var name) ->
          line("mount", "--bind", "/dev/" + name, inside("/dev/" + name));
      case SetupOp.Tmpfs(var target, var mode) -> tmpfs(target, mode);
      case SetupOp.Devpts(var target) ->
          line(
              "mount",
              "-t",
              "devpts",
              "-o",
              "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620",
              "devpts",
              inside(target));
      case SetupOp.Proc(var target) ->
          line("mount", "-t", "proc", "-o", "ro,nosuid,nodev,noexec", "proc", inside(target));
      case SetupOp.Seal(var target) -> line("mount", "-o", "remount,bind,ro", inside(target));
    }
  }

  private void bind(String source, String target, boolean writable) {
    line("mount", "--rbind", source, inside(target));
    line("mount", "-o", "remount,bind,nosuid,nodev" + (writable ? "" : ",ro"), inside(target));
  }

  private void tmpfs(String target, int mode) {
    String options = "nosuid,nodev,mode=" + Integer.toOctalString(mode);
    line("mount", "-t", "tmpfs", "-o", options, "tmpfs", inside(target));
  }

  private void overlay(SetupOp.OverlayRoot root) throws IOException {
    Optional<SetupOp.Upper> upper = root.upper();
    if (upper.isPresent()) {
      throw new IOException(NO_LAYERS);
    }
    tmpfs("/", 0755);
    List<SetupOp> ops = new ArrayList<>();
    Skeleton skeleton = new Skeleton(ops);
    root.mountPoints().forEach(point -> skeleton.mountPoint(point.target(), point.directory()));
    for (SetupOp op : ops) {
      add(op);
    }
    String lower =
        Stream.concat(root.lower().stream().map(Object::toString), Stream.of(stage))
            .map(MountCalls::escape)
            .collect(Collectors.joining(":"));
    line("mount", "-t", "overlay", "-o", "userxattr,lowerdir=" + lower, "overlay", stage);
  }

  private String inside(String target) {
    return target.equals("/") ? stage : stage + target;
  }

  private void line(String... words) {
    script
        .append(Stream.of(words).map(UnshareScript::quote).collect(Collectors.joining(" ")))
        .append('\n');
  }

  /// As one word for a shell.
  static String quote(String word) {
    return word.matches("[A-Za-z0-9_./:=,+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
