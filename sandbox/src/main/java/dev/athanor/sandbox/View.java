package dev.athanor.sandbox;

import java.io.IOException;
import java.util.List;

/// A mount namespace in which the base of a [SandboxSpec] is the root and nothing else is there. A
/// spawn joins it, and goes on in a copy of its own.
///
/// @param mount its descriptor
record View(int mount) implements AutoCloseable {
  /// For spawns that build all of theirs themselves.
  static final View NONE = new View(-1);

  /// Makes the namespace in a short-lived child.
  static View create(List<SetupOp> base, Realm realm, Launcher launcher, Host host)
      throws IOException {
    boolean users = realm.user() >= 0;
    int[] fds = new int[Fd.NEXT];
    fds[Fd.USER_NAMESPACE] = realm.user();
    try (Held held = Held.start(program(base, users, host.stage().toString()), launcher, fds)) {
      return new View(held.namespace("mnt"));
    }
  }

  static Program program(List<SetupOp> base, boolean users, String stage) {
    Program program = new Program();
    Calls calls = new Calls(program);
    calls.closeFrom(Fd.NEXT);
    if (users) {
      calls.join(Fd.USER_NAMESPACE, Calls.CLONE_NEWUSER);
    }
    calls.dieWithJvm();
    calls.ownMounts();
    MountCalls mounts = new MountCalls(program, stage);
    base.forEach(mounts::add);
    if (users) {
      mounts.keepProc();
    }
    calls.enterRoot(stage);
    calls.stop();
    return program;
  }

  @Override
  public void close() {
    if (mount >= 0) {
      Libc.close(mount);
    }
  }
}
