package dev.athanor.sandbox;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The [ForkServer]s for one [View]: as many as there were programs at once.
final class ServerPool {
  private final Launcher launcher;
  private final Cgroups cgroups;
  private final int[] fds;
  private final Deque<ForkServer> idle = new ArrayDeque<>();
  private boolean closed;

  /// @param realm open for as long as servers are taken, as `view` is
  ServerPool(Launcher launcher, Cgroups cgroups, Realm realm, View view) {
    this.launcher = launcher;
    this.cgroups = cgroups;
    fds = new int[Fd.NEXT];
    fds[Fd.USER_NAMESPACE] = realm.user();
    fds[Fd.NET_NAMESPACE] = realm.net();
    fds[Fd.MIRROR] = realm.mirror();
    fds[Fd.VIEW] = view.mount();
  }

  /// A server for the caller alone.
  ///
  /// @param terminal one that its program can take over
  ForkServer take(Terminal terminal) throws IOException {
    if (terminal.present()) {
      int[] all = fds.clone();
      all[Fd.TERMINAL] = terminal.fd();
      return ForkServer.start(launcher, cgroups, all);
    }
    ForkServer server = poll();
    while (server != null && !server.usable()) {
      // Somebody has killed it.
      server.close();
      server = poll();
    }
    return server != null ? server : ForkServer.start(launcher, cgroups, fds);
  }

  private synchronized @Nullable ForkServer poll() {
    return idle.pollFirst();
  }

  void giveBack(ForkServer server) throws SyscallException {
    if (!keep(server)) {
      server.close();
    }
  }

  private synchronized boolean keep(ForkServer server) {
    if (!closed) {
      idle.addFirst(server);
    }
    return !closed;
  }

  /// Ends the servers that wait, and later those that still work.
  void close() {
    Deque<ForkServer> ended;
    synchronized (this) {
      closed = true;
      ended = new ArrayDeque<>(idle);
      idle.clear();
    }
    for (ForkServer server : ended) {
      try {
        server.close();
      } catch (SyscallException e) {
        throw new AssertionError(e);
      }
    }
  }
}
