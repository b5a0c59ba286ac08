package dev.athanor.sandbox;

import dev.athanor.sandbox.SandboxSpec.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Namespaces that are made once and joined by many spawns: whom ids stand for, and a network
/// without devices. They live as long as their descriptors, without any process in them.
///
/// @param user -1 where spawns stay among the JVM's own users
/// @param mirror the host's mounts as a process may pick them up that is only privileged in `user`
/// @param net where not even the loopback device is up
record Realm(int user, int mirror, int net) implements AutoCloseable {
  /// What tells realms apart.
  ///
  /// @param uid the user inside, where there is just that one
  record Key(Identity identity, int uid, int gid) {
    static Key of(SandboxSpec spec) {
      return switch (spec.identity()) {
        case SINGLE ->
            new Key(spec.identity(), spec.spawn().user().uid(), spec.spawn().user().gid());
        case RANGE -> new Key(spec.identity(), 0, 0);
      };
    }
  }

  /// Makes the namespaces in a short-lived child.
  static Realm create(Key key, Launcher launcher, Host host) throws IOException {
    boolean users = host.needsUserNamespace(key.identity());
    try (Held held = Held.start(program(users), launcher, new int[0])) {
      if (users) {
        mapIds(held.pid(), key, host);
        held.next();
      }
      return new Realm(
          users ? held.namespace("user") : -1, held.namespace("mnt"), held.namespace("net"));
    }
  }

  /// Waits, with namespaces made, to be looked at. Before, it waits to have its ids mapped.
  static Program program(boolean users) {
    Program program = new Program();
    Calls calls = new Calls(program);
    calls.closeFrom(Fd.NEXT);
    calls.dieWithJvm();
    if (users) {
      program.call(Syscall.UNSHARE, Program.number(Calls.CLONE_NEWUSER));
      calls.dieWithJvm();
      calls.stop();
    }
    calls.ownMounts();
    program.call(Syscall.UNSHARE, Program.number(Calls.CLONE_NEWNET));
    calls.stop();
    return program;
  }

  private static void mapIds(int pid, Key key, Host host) throws IOException {
    switch (key.identity()) {
      case SINGLE -> mapSingle(pid, key.uid(), key.gid(), host);
      case RANGE -> {
        String name = System.getProperty("user.name", "");
        Optional<IdMap> users = IdMap.lent(Path.of("/etc/subuid"), name, host.uid());
        Optional<IdMap> groups = IdMap.lent(Path.of("/etc/subgid"), name, host.gid());
        boolean lent =
            users.isPresent()
                && groups.isPresent()
                && users.get().lend("newuidmap", pid)
                && groups.get().lend("newgidmap", pid);
        if (!lent) {
          // User 0 is there at least.
          mapSingle(pid, 0, 0, host);
        }
      }
    }
  }

  private static void mapSingle(int pid, int uid, int gid, Host host) throws IOException {
    Path proc = Path.of("/proc", Integer.toString(pid));
    // Otherwise an unprivileged process could drop a group that keeps it from something.
    Files.writeString(proc.resolve("setgroups"), "deny");
    Files.writeString(proc.resolve("uid_map"), IdMap.single(uid, host.uid()).toString());
    Files.writeString(proc.resolve("gid_map"), IdMap.single(gid, host.gid()).toString());
  }

  @Override
  public void close() {
    if (user >= 0) {
      Libc.close(user);
    }
    Libc.close(mirror);
    Libc.close(net);
  }
}
