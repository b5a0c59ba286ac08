package dev.athanor.engine.history;

import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.journal.Journal;
import dev.athanor.engine.journal.JournalSnapshot;
import dev.athanor.engine.journal.JournalSnapshot.Place;
import dev.athanor.engine.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The last builds of one request, each with the state that it left behind: a journal of plans and
/// of what changed.
///
/// A build that continues the one before it writes down its changes, any other one everything. Two
/// processes may build the same at the same time: the one that ends second finds that it does not
/// continue the last build, and writes everything too. So a state is always the outcome of one
/// build, never a mixture of two.
///
/// ```
/// P  plan                 when it is another one than that of the build before
/// S  freshness, whole     s  its changes
/// C  results, whole       c  their changes
/// B  the build, last of its batch
/// ```
public final class History implements AutoCloseable {
  /// How many builds are kept when the journal is written anew.
  private static final int KEPT = 20;

  /// How many builds there may be before that happens, and how many bytes.
  private static final int MAX_BUILDS = 64;

  private static final long MAX_BYTES = 64L << 20;

  private static final int PLAN = 'P';
  private static final int FRESHNESS = 'S';
  private static final int FRESHNESS_CHANGES = 's';
  private static final int RESULTS = 'C';
  private static final int RESULTS_CHANGES = 'c';
  private static final int BUILD = 'B';

  private final Journal journal;
  private final ActionTypes types;
  private final JournalSnapshot snapshot;
  private final List<Saved> saved;

  /// The records of one build. Those that it does not have are null.
  private static final class Saved {
    private @Nullable Place plan;
    private @Nullable Place freshness;
    private @Nullable Place freshnessChanges;
    private @Nullable Place results;
    private @Nullable Place resultsChanges;
    private @Nullable Place build;
  }

  private History(Journal journal, ActionTypes types, JournalSnapshot snapshot, List<Saved> saved) {
    this.journal = journal;
    this.types = types;
    this.snapshot = snapshot;
    this.saved = saved;
  }

  /// The history in `file` as it is now; empty when there is none.
  public static History open(Path file, ActionTypes types) throws IOException {
    Journal journal = new Journal(file);
    JournalSnapshot snapshot = journal.open();
    return new History(journal, types, snapshot, saved(snapshot));
  }

  private static List<Saved> saved(JournalSnapshot snapshot) {
    List<Saved> all = new ArrayList<>();
    Saved next = new Saved();
    for (Place place : snapshot.places()) {
      switch (place.tag()) {
        case PLAN -> next.plan = place;
        case FRESHNESS -> next.freshness = place;
        case FRESHNESS_CHANGES -> next.freshnessChanges = place;
        case RESULTS -> next.results = place;
        case RESULTS_CHANGES -> next.resultsChanges = place;
        case BUILD -> {
          next.build = place;
          all.add(next);
          next = new Saved();
        }
        default -> {}
      }
    }
    return all;
  }

  /// Every build that is remembered, oldest first.
  public List<SavedBuild> builds() throws IOException {
    List<SavedBuild> builds = new ArrayList<>();
    for (Saved each : saved) {
      builds.add(build(snapshot, each));
    }
    return builds;
  }

  /// The state that the last build left; absent when there is none, or it cannot be read.
  public Optional<BuildState> last() {
    return saved.isEmpty() ? Optional.empty() : at(saved.size() - 1);
  }

  /// The state that a build left; absent when the build is not remembered, or cannot be read.
  public Optional<BuildState> at(BuildId id) throws IOException {
    for (int i = 0; i < saved.size(); i++) {
      if (build(snapshot, saved.get(i)).id().equals(id)) {
        return at(i);
      }
    }
    return Optional.empty();
  }

  private Optional<BuildState> at(int index) {
    try {
      return Optional.of(state(snapshot, saved, index));
    } catch (IOException | RuntimeException e) {
      // Damaged: as good as lost, and losing it costs only time.
      return Optional.empty();
    }
  }

  private BuildState state(JournalSnapshot in, List<Saved> from, int index) throws IOException {
    Plan plan = Plan.read(body(in, plan(from, index)), types);
    int whole = index;
    while (from.get(whole).freshness == null) {
      whole--;
    }
    int first = whole;
    Freshness freshness = Freshness.decode(body(in, from.get(first).freshness));
    for (Saved each : from.subList(first + 1, index + 1)) {
      if (each.freshnessChanges != null) {
        freshness.applyChanges(body(in, each.freshnessChanges));
      }
    }
    SavedBuild build = build(in, from.get(index));
    return new BuildState(
        plan,
        freshness,
        () -> results(in, from.subList(first, index + 1), plan),
        build.id(),
        build.sequence() + 1);
  }

  /// The plan that a build followed: the last one written by then.
  private static @Nullable Place plan(List<Saved> from, int index) {
    int at = index;
    while (from.get(at).plan == null) {
      at--;
    }
    return from.get(at).plan;
  }

  private static Results results(JournalSnapshot in, List<Saved> from, Plan plan)
      throws IOException {
    Results results = Results.decode(body(in, from.getFirst().results), plan);
    for (Saved each : from.subList(1, from.size())) {
      if (each.resultsChanges != null) {
        results.applyChanges(body(in, each.resultsChanges), plan);
      }
    }
    return results;
  }

  private static SavedBuild build(JournalSnapshot in, Saved saved) throws IOException {
    return SavedBuild.decode(body(in, saved.build));
  }

  private static byte[] body(JournalSnapshot in, @Nullable Place place) throws IOException {
    if (place == null) {
      throw new IllegalStateException("a record is missing");
    }
    return in.body(place);
  }

  /// Notes that the last build still stands: whoever cleans up goes by the time of the file.
  public void touch() throws IOException {
    try {
      Files.setLastModifiedTime(journal.file(), FileTime.from(Instant.now()));
    } catch (NoSuchFileException e) {
      // Collected since it was opened: the next build starts anew.
    }
  }

  /// Remembers a build and the state that it left.
  public void save(SavedBuild build, BuildState state) throws IOException {
    boolean[] full = new boolean[1];
    journal.append(now -> {
      List<Saved> before = saved(now);
      full[0] = before.size() >= MAX_BUILDS || now.size() > MAX_BYTES;
      boolean continues =
          !before.isEmpty() && build(now, before.getLast()).id().equals(state.base());
      return continues ? changes(build, state) : everything(build, state);
    });
    state.saved(build.id());
    if (full[0]) {
      journal.replace(this::compacted);
    }
  }

  private static List<Journal.Entry> changes(SavedBuild build, BuildState state) {
    List<Journal.Entry> entries = new ArrayList<>();
    if (state.freshness().isChanged()) {
      entries.add(new Journal.Entry(FRESHNESS_CHANGES, state.freshness().encodeChanges()));
    }
    if (state.areResultsChanged()) {
      entries.add(new Journal.Entry(RESULTS_CHANGES, state.results().encodeChanges(state.plan())));
    }
    entries.add(new Journal.Entry(BUILD, build.encode()));
    return entries;
  }

  private static List<Journal.Entry> everything(SavedBuild build, BuildState state) {
    return List.of(
        new Journal.Entry(PLAN, state.plan().bytes()),
        new Journal.Entry(FRESHNESS, state.freshness().encode()),
        new Journal.Entry(RESULTS, state.results().encode()),
        new Journal.Entry(BUILD, build.encode()));
  }

  /// The last builds only, the first of them written down whole.
  private List<Journal.Entry> compacted(JournalSnapshot now) throws IOException {
    List<Saved> all = saved(now);
    int first = Math.max(0, all.size() - (now.size() > MAX_BYTES ? 1 : KEPT));
    List<Journal.Entry> entries =
        new ArrayList<>(everything(build(now, all.get(first)), state(now, all, first)));
    for (Saved each : all.subList(first + 1, all.size())) {
      for (Place place :
          new @Nullable Place[] {
            each.plan,
            each.freshness,
            each.freshnessChanges,
            each.results,
            each.resultsChanges,
            each.build
          }) {
        if (place != null) {
          entries.add(new Journal.Entry(place.tag(), now.body(place)));
        }
      }
    }
    return entries;
  }

  @Override
  public void close() throws IOException {
    snapshot.close();
  }
}
