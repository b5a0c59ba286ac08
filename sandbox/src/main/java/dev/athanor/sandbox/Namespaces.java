package dev.athanor.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// The [Realm]s and [View]s that are ready to be joined, and the servers that have them at hand.
///
/// They are made when they are first asked for. The views that were used least recently are let go,
/// because each keeps the files of its root on disk; and everything is when something is mounted or
/// unmounted on the host, because they would not show it.
final class Namespaces implements AutoCloseable {
  private static final int MAX_VIEWS = 32;
  private static final int POLLPRI = 2;

  private final Host host;
  private final Launcher launcher;
  private final int mountInfo;
  private final AtomicLong clock = new AtomicLong();
  private final ConcurrentHashMap<Realm.Key, Realm> realms = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<ViewKey, UsedView> views = new ConcurrentHashMap<>();

  /// Whoever passes descriptors on reads; whoever makes and closes them writes.
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private record ViewKey(Realm.Key realm, List<SetupOp> base) {}

  private record UsedView(View view, ServerPool servers, AtomicLong lastUse) {
    void close() {
      servers.close();
      view.close();
    }
  }

  /// A server for one program.
  ///
  /// @param pool where it goes back to
  /// @param once whether nobody else can use it
  record Loan(ForkServer server, ServerPool pool, boolean once) implements AutoCloseable {
    @Override
    public void close() throws SyscallException {
      if (once) {
        server.close();
      } else {
        pool.giveBack(server);
      }
    }
  }

  private Namespaces(Host host, Launcher launcher, int mountInfo) {
    this.host = host;
    this.launcher = launcher;
    this.mountInfo = mountInfo;
  }

  static Namespaces create(Host host, Launcher launcher) throws IOException {
    return new Namespaces(host, launcher, Libc.open("/proc/self/mountinfo", Libc.O_RDONLY));
  }

  /// A server that has the namespaces for `spec` at hand, and the terminal.
  Loan borrow(SandboxSpec spec, Terminal terminal) throws IOException {
    Realm.Key realm = Realm.Key.of(spec, host);
    ViewKey view = new ViewKey(realm, spec.base());
    if (mountsChanged()) {
      closeAll();
    }
    while (true) {
      lock.readLock().lock();
      try {
        UsedView used = views.get(view);
        if (used != null) {
          used.lastUse().set(clock.incrementAndGet());
          return new Loan(used.servers().take(terminal), used.servers(), terminal.present());
        }
      } finally {
        lock.readLock().unlock();
      }
      make(realm, view);
    }
  }

  private void make(Realm.Key realmKey, ViewKey viewKey) throws IOException {
    lock.writeLock().lock();
    try {
      Realm realm = realms.get(realmKey);
      if (realm == null) {
        realm = Realm.create(realmKey, launcher, host);
        realms.put(realmKey, realm);
      }
      if (!views.containsKey(viewKey)) {
        if (views.size() >= MAX_VIEWS) {
          closeLeastRecentlyUsed();
        }
        View view =
            viewKey.base().isEmpty()
                ? View.NONE
                : View.create(viewKey.base(), realm, launcher, host);
        views.put(
            viewKey,
            new UsedView(
                view,
                new ServerPool(launcher, host.cgroups(), realm, view),
                new AtomicLong(clock.incrementAndGet())));
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void closeLeastRecentlyUsed() {
    views.entrySet().stream()
        .min(Comparator.comparingLong(entry -> entry.getValue().lastUse().get()))
        .map(Map.Entry::getKey)
        .map(views::remove)
        .ifPresent(UsedView::close);
  }

  private void closeAll() {
    lock.writeLock().lock();
    try {
      views.values().forEach(UsedView::close);
      views.clear();
      realms.values().forEach(Realm::close);
      realms.clear();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /// To be called when nothing runs.
  @Override
  public void close() {
    closeAll();
    Libc.close(mountInfo);
  }

  /// Whether the host's mounts have changed since the last question.
  private boolean mountsChanged() throws SyscallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(8, 8);
      poll.set(JAVA_INT, 0, mountInfo);
      poll.set(JAVA_INT, 4, POLLPRI);
      MemorySegment noTime = arena.allocate(16, 8);
      noTime.set(JAVA_LONG, 0, 0);
      while (true) {
        try {
          return Libc.call(Syscall.PPOLL, poll.address(), 1, noTime.address(), 0, 0) > 0;
        } catch (SyscallException e) {
          if (e.errno() != SyscallException.EINTR) {
            throw e;
          }
        }
      }
    }
  }
}
