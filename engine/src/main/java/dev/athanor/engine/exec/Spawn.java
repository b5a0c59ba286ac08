package dev.athanor.engine.exec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// One process to run in a [Sandbox], and the world it sees. Nothing of the host's environment is
/// inherited.
///
/// @param argv program and arguments; the program is looked up by the PATH of `env` inside `root`
///   unless it has a `/`
/// @param env the whole environment
/// @param directory absolute path inside the root, must exist there or be the target of a bind
/// @param root what the process sees as `/`
/// @param binds further host directories and files, shown in this order over the root
/// @param user numeric owner of the process inside
/// @param hostname what `uname` says
/// @param network whether the host's network is visible; otherwise there is none, not even loopback
/// @param varied what is to be otherwise than it is in builds, see [#under]
public record Spawn(
    List<String> argv,
    SortedMap<String, String> env,
    String directory,
    Root root,
    List<Bind> binds,
    User user,
    String hostname,
    boolean network,
    Limits limits,
    Stdio stdio,
    Set<Factor> varied) {
  public Spawn {
    argv = List.copyOf(argv);
    env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
    binds = List.copyOf(binds);
    varied = Factor.setOf(varied);
  }

  /// As builds run it.
  public Spawn(
      List<String> argv,
      SortedMap<String, String> env,
      String directory,
      Root root,
      List<Bind> binds,
      User user,
      String hostname,
      boolean network,
      Limits limits,
      Stdio stdio) {
    this(argv, env, directory, root, binds, user, hostname, network, limits, stdio, Set.of());
  }

  /// The same process in other circumstances. What of them is in a spawn is changed here, but for
  /// what the process was given on purpose: a variable with a value of its own, or user 0. The rest
  /// is for a [Sandbox] to change.
  public Spawn under(Set<Factor> factors) {
    return Circumstances.change(this, factors);
  }

  /// The same process, of whose varied factors only these are left to be changed.
  public Spawn varyingAtMost(Set<Factor> possible) {
    Set<Factor> left = new HashSet<>(varied);
    left.retainAll(possible);
    return new Spawn(
        argv, env, directory, root, binds, user, hostname, network, limits, stdio, left);
  }

  /// The same process with another environment.
  public Spawn withEnv(SortedMap<String, String> other) {
    return new Spawn(
        argv, other, directory, root, binds, user, hostname, network, limits, stdio, varied);
  }

  /// What stands at `/`. In every case /proc, /dev, /tmp and /sys are the sandbox's own.
  public sealed interface Root {
    /// An empty root that shows these host paths read-only at their own places. Paths that the host
    /// does not have are left out.
    record Host(List<Path> visible) implements Root {
      public Host {
        visible = List.copyOf(visible);
      }
    }

    /// A root filesystem in a directory, read-only.
    record Image(Path directory) implements Root {}

    /// Root filesystems laid over each other, the first on top, and what the process writes goes to
    /// `upper` in the way of overlayfs. `work` is an empty directory on the file system of `upper`.
    record Overlay(List<Path> lower, Path upper, Path work) implements Root {
      public Overlay {
        lower = List.copyOf(lower);
      }
    }
  }

  /// Shows the host's `source` at the absolute path `target`. Mount points are made where the root
  /// lacks them.
  public record Bind(Path source, String target, boolean writable) {}

  public record User(int uid, int gid, List<Integer> groups) {
    public static final User ROOT = new User(0, 0, List.of());

    public User {
      groups = List.copyOf(groups);
    }
  }

  /// Bounds on the whole process tree; where one is absent, a sandbox may have one of its own.
  public record Limits(
      Optional<Duration> time, Optional<Long> memoryBytes, Optional<Integer> processes) {
    public static final Limits NONE =
        new Limits(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// Where the standard streams go.
  public sealed interface Stdio {
    /// Standard input is empty; output and errors go to files that exist, which may be the same
    /// one.
    record Files(Path stdout, Path stderr) implements Stdio {}

    /// The streams of this process itself, and its terminal when it has one.
    record Inherited() implements Stdio {}
  }
}
