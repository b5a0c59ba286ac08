package dev.athanor.sandbox;

import dev.athanor.sandbox.SandboxSpec.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Namespaces that were made once and are joined by many spawns: a view of files that is complete
/// but for what is each spawn's own, a network without devices, and a user namespace where one is
/// needed. They live as long as their descriptors, without any process in them.
///
/// @param user -1 where the spawns stay in the JVM's user namespace
record Template(int user, int mount, int net) {
  /// Nothing to join.
  static final Template NONE = new Template(-1, -1, -1);

  private static final int SIGCONT = 18;

  /// What tells templates apart.
  ///
  /// @param uid the user inside, where there is a user namespace with just that one
  record Key(List<SetupOp> base, Identity identity, int uid, int gid) {
    Key {
      base = List.copyOf(base);
    }

    static Key of(SandboxSpec spec) {
      boolean single = spec.identity() == Identity.SINGLE;
      return new Key(
          spec.base(),
          spec.identity(),
          single ? spec.spawn().user().uid() : 0,
          single ? spec.spawn().user().gid() : 0);
    }
  }

  /// Makes the namespaces in a short-lived child.
  static Template create(Key key, Launcher launcher, Host host) throws IOException {
    boolean users = SpecProgram.needsUserNamespace(key.identity(), host.privileged());
    Program program = SpecProgram.template(key.base(), users, host.stage().toString());
    ProgramMemory memory = launcher.memory();
    try {
      Child child = launcher.start(program, memory, NONE, -1);
      try {
        if (users) {
          awaitStop(child, program, memory);
          mapIds(child.pid(), key, host);
          child.signal(SIGCONT);
        }
        awaitStop(child, program, memory);
        return open(child.pid(), users);
      } finally {
        child.end();
      }
    } finally {
      launcher.free(memory);
    }
  }

  /// Waits for the child to have come to its next stop.
  private static void awaitStop(Child child, Program program, ProgramMemory memory)
      throws IOException {
    Child.Ended ended = child.awaitStop();
    if (!ended.stopped()) {
      throw memory.failure(program, ended);
    }
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

  private static Template open(int pid, boolean users) throws SyscallException {
    String namespaces = "/proc/" + pid + "/ns/";
    return new Template(
        users ? Libc.open(namespaces + "user", Libc.O_RDONLY) : -1,
        Libc.open(namespaces + "mnt", Libc.O_RDONLY),
        Libc.open(namespaces + "net", Libc.O_RDONLY));
  }
}
