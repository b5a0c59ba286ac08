package dev.athanor.engine.exec;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.cas.MissingBlobException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Which actions run on other machines, and what becomes of them when these let them down: they run
/// here, and the user hears of it once.
public final class Elsewhere {
  /// So many failures in a row, and nothing is sent any more.
  private static final int PATIENCE = 3;

  /// Where an action runs that another machine would take.
  public enum Strategy {
    /// Here.
    LOCAL,
    /// There, and here when that does not work out.
    REMOTE,
    /// Commands in both places: the first that succeeds counts, and the other is stopped. Built-ins
    /// cannot be stopped, and run as with [#REMOTE].
    RACE
  }

  final RemoteRunner runner;
  private final Strategy strategy;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile boolean over;

  public Elsewhere(RemoteRunner runner, Strategy strategy) {
    this.runner = runner;
    this.strategy = strategy;
  }

  /// Whether the action is to be sent.
  boolean takes(Action action) {
    return strategy != Strategy.LOCAL && !over && runner.takes(action);
  }

  /// From now on everything runs here.
  void giveUp() {
    over = true;
  }

  /// Runs an action that is to be sent.
  ///
  /// @param here waits for its turn
  ActionRunner.Ran run(Action action, Errand.Leg there, Errand.Leg here, EventSink events)
      throws IOException, InterruptedException {
    if (over) {
      return here.run();
    }
    boolean race = strategy == Strategy.RACE && action instanceof Action.Command;
    try {
      return race
          ? Race.run(() -> heard(action, there, events), here)
          : heard(action, there, events);
    } catch (RemoteRunException e) {
      return here.run();
    }
  }

  /// What it came to there. Whatever the other machine is to blame for is a [RemoteRunException].
  private ActionRunner.Ran heard(Action action, Errand.Leg there, EventSink events)
      throws IOException, InterruptedException {
    try {
      ActionRunner.Ran ran = there.run();
      failures.set(0);
      return ran;
    } catch (MissingBlobException e) {
      throw e;
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      RemoteRunException failure =
          e instanceof RemoteRunException known
              ? known
              : new RemoteRunException(String.valueOf(e.getMessage()), false, e);
      note(action, failure, events);
      throw failure;
    }
  }

  private void note(Action action, RemoteRunException failure, EventSink events) {
    if (failures.incrementAndGet() >= PATIENCE || failure.lasting()) {
      over = true;
    }
    if (told.compareAndSet(false, true)) {
      events.post(
          new BuildEvent.Notice(
              "warning: "
                  + action.describe()
                  + " could not run remotely and runs here, as will others like it: "
                  + failure.getMessage()));
    }
  }
}
