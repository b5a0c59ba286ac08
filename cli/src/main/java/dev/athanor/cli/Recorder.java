package dev.athanor.cli;

import dev.athanor.cli.BuildRecord.State;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.BuildEvent;
import dev.athanor.engine.exec.EventSink;
import dev.athanor.engine.exec.Outcome;
import dev.athanor.engine.history.BuildId;
import dev.athanor.engine.history.BuildState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Listens to a build, for its [BuildRecord]. Costs an event a few stores into arrays, and nothing
/// where no action is looked at.
final class Recorder implements EventSink {
  /// How many failures are kept with what was printed, and how much of that.
  private static final int MAX_FAILURES = 100;

  private static final int MAX_TEXT = 64 << 10;
  private static final int MAX_NOTICES = 100;
  private static final int MAX_STEPS = 20_000;

  private final long began = System.currentTimeMillis();
  private final long beganNanos = System.nanoTime();
  private final Predicate<Digest> remote;
  private final List<String> notices = new ArrayList<>();
  private final List<BuildRecord.Step> steps = new ArrayList<>();
  private final List<BuildRecord.Failure> failures = new ArrayList<>();
  private final BitSet toDo = new BitSet();
  private BuildId id = BuildId.create();
  private @Nullable BuildState state;
  private String sandbox = "";

  /// When execution began, for the first time, and for the last.
  private int executing;

  private int round;

  /// By the number of the action; null until one is looked at. No start is zero.
  private State @Nullable [] states;

  private int[] starts = {};
  private int[] ends = {};
  private byte[] attempts = {};

  /// @param remote whether the result of a key came from a remote cache
  Recorder(Predicate<Digest> remote) {
    this.remote = remote;
  }

  @Override
  public synchronized void post(BuildEvent event) {
    switch (event) {
      case BuildEvent.Executing(var build, var known, var actions) -> begin(build, known, actions);
      case BuildEvent.ActionStarted(var number, _, var at) -> {
        tables();
        starts[number] = Math.max(1, time(at));
      }
      case BuildEvent.ActionProgress(var number, var what, _, _) -> step(number, what);
      case BuildEvent.ActionFinished(var number, var action, var outcome, var at) -> {
        tables()[number] = state(number, outcome);
        ends[number] = Math.max(starts[number], time(at));
        if (outcome instanceof Outcome.Executed executed) {
          attempts[number] = (byte) Math.min(executed.attempts(), Byte.MAX_VALUE);
        } else if (outcome instanceof Outcome.Failed failed && failures.size() < MAX_FAILURES) {
          String text = String.join("\n", FailureText.of(action, failed));
          failures.add(new BuildRecord.Failure(number, end(text)));
        }
      }
      case BuildEvent.SandboxChosen(var name, var hermetic, _) ->
          sandbox = hermetic ? name : name + ", without isolation";
      case BuildEvent.Notice(var message) -> {
        if (notices.size() < MAX_NOTICES) {
          notices.add(message);
        }
      }
      case BuildEvent.Loading _, BuildEvent.Verifying _, BuildEvent.Finished _ -> {}
    }
  }

  /// May come again, where something that was made is lost.
  private void begin(BuildId build, BuildState known, BitSet actions) {
    round = now();
    if (state == null) {
      executing = round;
    }
    id = build;
    state = known;
    toDo.or(actions);
  }

  private @Nullable State[] tables() {
    State[] made = states;
    if (made == null) {
      int count = state == null ? 0 : state.plan().actionCount();
      made = new State[count];
      states = made;
      starts = new int[count];
      ends = new int[count];
      attempts = new byte[count];
    }
    return made;
  }

  private void step(int number, String what) {
    boolean same =
        !steps.isEmpty()
            && steps.getLast().action() == number
            && steps.getLast().what().equals(what);
    if (!same && steps.size() < MAX_STEPS) {
      steps.add(new BuildRecord.Step(number, what, now()));
    }
  }

  private State state(int number, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Executed _ -> State.EXECUTED;
      case Outcome.CacheHit(var key, _) -> remote.test(key) ? State.CACHED_REMOTELY : State.CACHED;
      case Outcome.UpToDate _ -> State.UNCHANGED;
      case Outcome.Failed _ -> State.FAILED;
      // One that had started was stopped.
      case Outcome.Skipped _ -> starts[number] > 0 ? State.UNFINISHED : State.SKIPPED;
    };
  }

  /// @param at since execution began
  private int time(Duration at) {
    return round + units(at.toNanos());
  }

  private int now() {
    return units(System.nanoTime() - beganNanos);
  }

  private static int units(long nanos) {
    return (int) Math.min(Integer.MAX_VALUE / 2, nanos / BuildRecord.UNIT);
  }

  private static String end(String text) {
    return text.length() <= MAX_TEXT ? text : "..." + text.substring(text.length() - MAX_TEXT);
  }

  /// What there is to tell at the end of the build.
  ///
  /// @param words what was asked for, and for what
  synchronized BuildRecord record(
      Words words, BuildRecord.End end, String message, BuildRecord.Remote traffic) {
    Optional<BuildId> saved = state == null ? Optional.empty() : state.unchangedSince();
    String plan =
        state == null || saved.isPresent()
            ? ""
            : new String(state.plan().bytes(), StandardCharsets.ISO_8859_1);
    return new BuildRecord(
        words.program,
        id,
        words.command,
        words.configuration,
        began,
        executing,
        now(),
        words.jobs,
        sandbox,
        end,
        message,
        saved,
        plan,
        traffic,
        notices,
        done(),
        steps,
        failures);
  }

  /// What is known of a build before it begins.
  record Words(String program, String command, String configuration, int jobs) {}

  private List<BuildRecord.Done> done() {
    if (toDo.isEmpty()) {
      return List.of();
    }
    @Nullable State[] all = tables();
    List<BuildRecord.Done> done = new ArrayList<>();
    for (int i = toDo.nextSetBit(0); i >= 0; i = toDo.nextSetBit(i + 1)) {
      State ended = all[i] == null ? State.UNFINISHED : all[i];
      done.add(new BuildRecord.Done(i, ended, starts[i], ends[i], attempts[i]));
    }
    return done;
  }
}
