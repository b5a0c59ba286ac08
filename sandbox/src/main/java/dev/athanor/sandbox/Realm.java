package dev.athanor.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Namespaces that are made once and joined by many spawns: whom ids stand for, and a network
/// without devices. They live as long as their descriptors, without any process in them.
///
/// @param user -1 where spawns stay among the JVM's own users
/// @param mirror the host's mounts as a process may pick them up that is only privileged in `user`
/// @param net where not even the loopback device is up
record Realm(int user, int mirror, int net) implements AutoCloseable {
  /// What tells realms apart.
  ///
  /// @param users whether there is a user namespace
  /// @param uid the one user in it
  record Key(boolean users, int uid, int gid) {
    static Key of(SandboxSpec spec, Host host) {
      return host.needsUserNamespace(spec.identity())
          ? new Key(true, spec.spawn().user().uid(), spec.spawn().user().gid())
          : new Key(false, 0, 0);
    }
  }

  /// Makes the namespaces in a short-lived child.
  static Realm create(Key key, Launcher launcher, Host host) throws IOException {
    try (Held held = Held.start(program(key.users()), launcher, new int[0])) {
      if (key.users()) {
        mapIds(held.pid(), key, host);
        held.next();
      }
      return new Realm(
          key.users() ? held.namespace("user") : -1, held.namespace("mnt"), held.namespace("net"));
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
    Path proc = Path.of("/proc", Integer.toString(pid));
    // Otherwise an unprivileged process could drop a group that keeps it from something.
    Files.writeString(proc.resolve("setgroups"), "deny");
    Files.writeString(proc.resolve("uid_map"), key.uid() + " " + host.uid() + " 1");
    Files.writeString(proc.resolve("gid_map"), key.gid() + " " + host.gid() + " 1");
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
