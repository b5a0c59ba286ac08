package dev.athanor.engine.gc;

import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.cas.LastUse;
import dev.athanor.engine.cas.Lease;
import dev.athanor.engine.history.BuildState;
import dev.athanor.engine.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Decides what of a cache directory goes. Removes nothing, see [Sweep].
///
/// Nothing goes that was used since the oldest running process began to use the cache: that process
/// may have found it there, and rely on it.
public final class Collector {
  /// How old a temporary file is that nobody writes any more, as far as anyone can tell.
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final CacheLayout layout;
  private final List<Folder> folders;
  private final Clock clock;
  private final Duration noted;

  /// @param folders besides those of the stores
  public Collector(CacheLayout layout, List<Folder> folders, Clock clock) {
    this(layout, folders, clock, LastUse.NOTED);
  }

  /// @param noted how exactly those who use the directory note that
  public Collector(CacheLayout layout, List<Folder> folders, Clock clock, Duration noted) {
    this.layout = layout;
    this.folders = List.copyOf(folders);
    this.clock = clock;
    this.noted = noted;
  }

  /// What stays, and what goes.
  public Survey survey(Policy policy) throws IOException {
    Instant now = clock.instant();
    Optional<Instant> inUse = Lease.oldest(layout);
    List<Item> items = items();
    items.sort(Item.LEAST_USED);
    Instant untouchable = inUse.orElse(now).minus(noted);
    Optional<Instant> oldest = policy.maxAge().map(now::minus);
    long excess =
        policy
            .maxBytes()
            .map(most -> items.stream().mapToLong(Item::bytes).sum() - most)
            .orElse(0L);
    List<Item> kept = new ArrayList<>();
    List<Item> held = new ArrayList<>();
    List<Survey.Going> going = new ArrayList<>();
    for (Item item : items) {
      Optional<Survey.Reason> reason = reason(item, now, oldest, excess);
      if (reason.isEmpty()) {
        kept.add(item);
      } else if (!item.used().isBefore(untouchable) && (inUse.isPresent() || isShown(item))) {
        held.add(item);
      } else {
        going.add(new Survey.Going(item, reason.get()));
        excess -= item.bytes();
      }
    }
    return new Survey(kept, held, going, inUse);
  }

  /// Whether a process that begins now may use it without noting that: whoever shows a directory to
  /// a command does not, when somebody has done so a moment ago.
  private static boolean isShown(Item item) {
    return item.kind() == Kind.TREE || item.kind() == Kind.ROOT;
  }

  private static Optional<Survey.Reason> reason(
      Item item, Instant now, Optional<Instant> oldest, long excess) {
    if (item.kind() == Kind.LEFTOVER) {
      boolean abandoned = item.used().isBefore(now.minus(ABANDONED));
      return abandoned ? Optional.of(Survey.Reason.LEFTOVER) : Optional.empty();
    }
    if (oldest.isPresent() && item.used().isBefore(oldest.get())) {
      return Optional.of(Survey.Reason.AGE);
    }
    return excess > 0 ? Optional.of(Survey.Reason.SIZE) : Optional.empty();
  }

  private List<Item> items() throws IOException {
    Inventory inventory = new Inventory(layout);
    List<Item> others =
        new ArrayList<>(inventory.entriesOf(new Folder(Kind.LEFTOVER, layout.tmp())));
    others.addAll(inventory.entriesOf(new Folder(Kind.DAMAGED, layout.quarantine())));
    List<Item> builds = new ArrayList<>();
    for (Folder folder : folders) {
      List<Item> entries = inventory.entriesOf(folder);
      others.addAll(entries);
      if (folder.kind() == Kind.BUILDS) {
        builds.addAll(entries);
      }
    }
    Uses uses = new Uses(layout, inventory.results(), inventory.blobs());
    note(builds, uses);
    others.addAll(uses.results());
    others.addAll(uses.blobs());
    return others;
  }

  /// Goes through builds and results at once, the latest first.
  private static void note(List<Item> builds, Uses uses) throws IOException {
    List<Item> referring = new ArrayList<>(builds);
    referring.addAll(uses.results());
    referring.sort(Comparator.comparing(Item::used).reversed());
    for (Item item : referring) {
      if (item.kind() == Kind.RESULT) {
        uses.result(item);
      } else {
        build(item.path(), item.used(), uses);
      }
    }
  }

  /// Builds that cannot be read, damaged ones and those of other versions, use nothing.
  private static void build(Path file, Instant used, Uses uses) {
    if (!Files.isRegularFile(file)) {
      return;
    }
    try (History history =
        History.open(
            file,
            id -> {
              throw new IllegalStateException("no action is looked at, not even of type " + id);
            })) {
      Optional<BuildState> last = history.last();
      if (last.isPresent()) {
        uses.build(last.get(), used);
      }
    } catch (IOException | RuntimeException e) {
      // What it used is made again, should somebody want it.
    }
  }
}
