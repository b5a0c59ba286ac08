package dev.athanor.remote.server;

import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.gc.Collector;
import dev.athanor.engine.gc.Item;
import dev.athanor.engine.gc.Kind;
import dev.athanor.engine.gc.Policy;
import dev.athanor.engine.gc.Survey;
import dev.athanor.engine.gc.Sweep;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps a cache directory within its bound while it is used: counts what comes in, and lets go
/// what was not used for longest as soon as there is little room left.
///
/// The store's lease would hold back everything since the server began, so a new one is taken twice
/// in the time for which uses count. What was used during a lease is noted at the first such use;
/// going back by the whole time from the beginning of the present lease finds all that was noted
/// under the two before it.
final class Stock implements AutoCloseable {
  /// What part of the bound may be written before somebody looks what can go.
  private static final int PARTS = 20;

  /// Others write to the directory too.
  private static final Duration AT_LEAST_EVERY = Duration.ofHours(1);

  private final DiskBlobStore store;
  private final Bound bound;
  private final Consumer<String> notices;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong incoming = new AtomicLong();
  private final AtomicLong entries = new AtomicLong();
  private final AtomicLong evictions = new AtomicLong();
  private final AtomicLong unseen = new AtomicLong();
  private final Semaphore wanted = new Semaphore(0);
  private volatile long lookedAt = System.nanoTime();
  private @Nullable Thread keeper;

  /// @param notices hears of what goes wrong
  Stock(DiskBlobStore store, Bound bound, Consumer<String> notices) {
    this.store = store;
    this.bound = bound;
    this.notices = notices;
  }

  /// Looks what is there, and stays at it.
  void start() throws IOException {
    store.holdAnew();
    collect();
    keeper = Thread.ofVirtual().name("cache keeper").start(this::stay);
  }

  /// How much is there.
  long bytes() {
    return bytes.get();
  }

  /// How many blobs and results are there.
  long entries() {
    return entries.get();
  }

  /// How many things had to go.
  long evictions() {
    return evictions.get();
  }

  /// Something is about to be written, which is then kept or given back.
  ///
  /// @throws NoRoomException when it would be too much
  void take(long more) throws IOException {
    incoming.addAndGet(more);
    if (bytes.addAndGet(more) > bound.maxBytes()) {
      boolean fits = false;
      try {
        makeRoom();
        fits = bytes.get() <= bound.maxBytes();
      } finally {
        if (!fits) {
          giveBack(more);
        }
      }
      if (!fits) {
        throw new NoRoomException();
      }
    }
    if (unseen.addAndGet(more) > bound.maxBytes() / PARTS) {
      wanted.release();
    }
  }

  /// What was taken is not needed after all.
  void giveBack(long less) {
    incoming.addAndGet(-less);
    bytes.addAndGet(-less);
  }

  /// What was taken is a blob or a result now.
  void keep(long taken) {
    incoming.addAndGet(-taken);
    entries.incrementAndGet();
  }

  /// What was taken stands in the place of something else.
  void keepInstead(long taken, long former) {
    incoming.addAndGet(-taken);
    bytes.addAndGet(-former);
  }

  /// Only one looks, and whoever has waited for that need not look again; nor does anybody when
  /// that was done a moment ago.
  private synchronized void makeRoom() throws IOException {
    boolean inVain = System.nanoTime() - lookedAt < bound.grace().toNanos() / PARTS;
    if (bytes.get() > bound.maxBytes() && !inVain) {
      collect();
    }
  }

  private void stay() {
    Duration each = bound.grace().dividedBy(2);
    long renewed = System.nanoTime();
    try {
      while (true) {
        long left = each.toNanos() - (System.nanoTime() - renewed);
        boolean asked = wanted.tryAcquire(Math.max(1, left), TimeUnit.NANOSECONDS);
        wanted.drainPermits();
        if (System.nanoTime() - renewed >= each.toNanos()) {
          renewed = System.nanoTime();
          lookAfter(store::holdAnew);
        }
        if (asked || System.nanoTime() - lookedAt > AT_LEAST_EVERY.toNanos()) {
          lookAfter(this::collect);
        }
      }
    } catch (InterruptedException e) {
      // The server ends.
    }
  }

  interface Care {
    void take() throws IOException;
  }

  /// What fails now may succeed the next time. Nothing may end the keeper: without it no lease is
  /// renewed, nothing can go any more, and in the end nothing comes in.
  void lookAfter(Care care) {
    try {
      care.take();
    } catch (IOException e) {
      notices.accept("the cache could not be looked after: " + e.getMessage());
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      notices.accept("the cache could not be looked after: " + e);
    }
  }

  private synchronized void collect() throws IOException {
    unseen.set(0);
    long bytesBefore = bytes.get();
    long incomingBefore = incoming.get();
    long entriesBefore = entries.get();
    Survey survey =
        new Collector(store.layout(), bound.others().folders(), Clock.systemUTC(), bound.grace())
            .survey(policy());
    long removedBytes = 0;
    long removed = 0;
    if (bound.isThere()) {
      try (Sweep sweep = Sweep.of(store.layout(), bound.deletion())) {
        Sweep.Outcome outcome = sweep.run(survey);
        removedBytes = outcome.bytes();
        removed = outcome.removed();
      } catch (UserException e) {
        // Somebody else is at it, which is as good.
      }
    }
    // What comes in may have been taken and not yet be written. What has come meanwhile counts on
    // top: once too often, should it have been seen too, until the next look.
    long written = items(survey).filter(Stock::isUnderWay).mapToLong(Item::bytes).sum();
    long unwritten = Math.max(0, incomingBefore - written);
    bytes.addAndGet(survey.bytes() + unwritten - removedBytes - bytesBefore);
    entries.addAndGet(entries(survey) - removed - entriesBefore);
    evictions.addAndGet(removed);
    lookedAt = System.nanoTime();
  }

  /// Leaves room for what comes while somebody looks the next time.
  private Policy policy() {
    Optional<Long> most =
        bound.isThere()
            ? Optional.of(bound.maxBytes() - 2 * (bound.maxBytes() / PARTS))
            : Optional.empty();
    return new Policy(Optional.empty(), most);
  }

  private static long entries(Survey survey) {
    return items(survey)
        .filter(item -> item.kind() == Kind.BLOB || item.kind() == Kind.RESULT)
        .count();
  }

  private static boolean isUnderWay(Item item) {
    return item.kind() == Kind.LEFTOVER;
  }

  private static Stream<Item> items(Survey survey) {
    Stream<Item> stays = Stream.concat(survey.kept().stream(), survey.held().stream());
    return Stream.concat(stays, survey.going().stream().map(Survey.Going::item));
  }

  @Override
  public void close() {
    Thread thread = keeper;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
