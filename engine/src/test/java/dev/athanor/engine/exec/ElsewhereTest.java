package dev.athanor.engine.exec;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionKey;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.testing.ConcatType;
import dev.athanor.engine.testing.FakeRemote;
import dev.athanor.engine.testing.FakeSpawns;
import dev.athanor.engine.testing.TestBuilds;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Builds that send actions to another machine.
@Timeout(60)
final class ElsewhereTest {
  private final TestBuilds builds = new TestBuilds();
  private final FakeSpawns spawns = new FakeSpawns(builds.blobs, 0);
  private final FakeRemote remote = new FakeRemote(builds.blobs);

  private interface Body {
    void run(ActionContext context) throws IOException, InterruptedException;
  }

  private record Type(String id, boolean portable, Body body) implements ActionType {
    @Override
    public int version() {
      return 1;
    }

    @Override
    public Resource resource() {
      return Resource.CPU;
    }

    @Override
    public void run(ActionContext context) throws IOException, InterruptedException {
      body.run(context);
    }

    Action.Builtin action(String name) {
      return new Action.Builtin(
          Label.parseAbsolute("//:" + name),
          this,
          new TreeMap<>(Map.of("name", name)),
          List.of(),
          List.of(ConcatType.output(name)));
    }
  }

  private static Action.Command command(String name, boolean network, Artifact... inputs) {
    return new Action.Command(
        Label.parseAbsolute("//:" + name),
        "test",
        List.of("run"),
        new TreeMap<>(),
        List.of(inputs),
        List.of(ConcatType.output(name)),
        new ExecutionRoot.Host(List.of(), ""),
        network);
  }

  private String build(Elsewhere.Strategy strategy, Action... actions) throws Exception {
    Action last = actions[actions.length - 1];
    builds.with(spawns).with(new Elsewhere(remote, strategy));
    return builds.text(builds.build(List.of(actions), last.owner().name()), last.owner().name());
  }

  @Test
  void action_isSent_andNeedsNoRoomHere() throws Exception {
    CountDownLatch both = new CountDownLatch(4);
    remote.with(_ -> {
      both.countDown();
      both.await();
    });
    List<Action> actions = new ArrayList<>();
    Artifact[] outputs = new Artifact[4];
    for (int i = 0; i < outputs.length; i++) {
      actions.add(command("c" + i, false));
      outputs[i] = ConcatType.output("c" + i);
    }
    actions.add(command("all", true, outputs));
    builds.jobs(1);

    // Four at once, though here there is room for one.
    assertThat(build(Elsewhere.Strategy.REMOTE, actions.toArray(Action[]::new)))
        .isEqualTo("out/all");
    assertThat(remote.sent).containsExactly("c0", "c1", "c2", "c3");
    assertThat(spawns.requests).hasSize(1);
    assertThat(builds.notices).isEmpty();
  }

  @Test
  void whatTheOtherMachineDeclines_runsHere() throws Exception {
    assertThat(build(Elsewhere.Strategy.REMOTE, command("c", true))).isEqualTo("out/c");
    assertThat(build(Elsewhere.Strategy.LOCAL, command("d", false))).isEqualTo("out/d");
    assertThat(remote.sent).isEmpty();
  }

  @Test
  void failureOfTheMachine_isMadeUpForHere_andToldOnce() throws Exception {
    remote.with(_ -> {
      throw new RemoteRunException("the worker fell over");
    });
    List<Action> actions = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Artifact[] before =
          i == 0 ? new Artifact[0] : new Artifact[] {ConcatType.output("c" + (i - 1))};
      actions.add(command("c" + i, false, before));
    }

    assertThat(build(Elsewhere.Strategy.REMOTE, actions.toArray(Action[]::new)))
        .isEqualTo("out/c5");
    // The other three are not even tried.
    assertThat(remote.sent).containsExactly("c0", "c1", "c2").inOrder();
    assertThat(spawns.requests).hasSize(6);
    assertThat(builds.notices).hasSize(1);
    assertThat(builds.notices.getFirst()).contains("the worker fell over");
  }

  @Test
  void machineThatNobodyReaches_isAskedOnce() throws Exception {
    remote.with(_ -> {
      throw new RemoteRunException("nobody there", true, new IOException());
    });

    build(
        Elsewhere.Strategy.REMOTE,
        command("a", false),
        command("b", false, ConcatType.output("a")));

    assertThat(remote.sent).containsExactly("a");
    assertThat(spawns.requests).hasSize(2);
    // Of the second one there is nothing to say: nobody thought of sending it.
    assertThat(builds.progress).containsExactly("remotely", "here").inOrder();
  }

  @Test
  void fallingBack_takesTheRoomThatIsThere() throws Exception {
    remote.with(_ -> {
      throw new RemoteRunException("no");
    });
    AtomicInteger running = new AtomicInteger();
    AtomicBoolean crowded = new AtomicBoolean();
    Type crowd =
        new Type(
            "test.crowd",
            true,
            context -> {
              crowded.compareAndSet(false, running.incrementAndGet() > 1);
              Thread.sleep(20);
              running.decrementAndGet();
              context.write(context.action().outputs().getFirst(), new byte[] {1});
            });
    List<Action> actions = new ArrayList<>();
    Artifact[] outputs = new Artifact[5];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = ConcatType.output("b" + i);
      actions.add(crowd.action("b" + i));
    }
    actions.add(command("all", true, outputs));
    builds.jobs(1);

    assertThat(build(Elsewhere.Strategy.REMOTE, actions.toArray(Action[]::new)))
        .isEqualTo("out/all");
    assertThat(remote.sent).isNotEmpty();
    assertThat(crowded.get()).isFalse();
  }

  @Test
  void failingCommand_isNoReasonToTryHere() throws Exception {
    remote.ends(3);

    assertThat(build(Elsewhere.Strategy.REMOTE, command("c", false))).isEqualTo("absent");
    assertThat(spawns.requests).isEmpty();
    assertThat(builds.outcomes.get("c")).isInstanceOf(Outcome.Failed.class);
    assertThat(builds.notices).isEmpty();
  }

  @Test
  void race_isWonByWhoeverSucceedsFirst() throws Exception {
    AtomicBoolean stopped = new AtomicBoolean();
    remote.with(_ -> {
      try {
        Thread.sleep(50_000);
      } catch (InterruptedException e) {
        stopped.set(true);
        throw e;
      }
    });

    assertThat(build(Elsewhere.Strategy.RACE, command("c", false))).isEqualTo("out/c");
    assertThat(stopped.get()).isTrue();
    assertThat(builds.notices).isEmpty();
  }

  @Test
  void race_isWonThere_whereThereIsNoRoomHere() throws Exception {
    Type holds =
        new Type(
            "test.hold",
            false,
            context -> {
              while (!builds.outcomes.containsKey("c")) {
                Thread.sleep(5);
              }
              context.write(context.action().outputs().getFirst(), new byte[] {1});
            });
    Action.Builtin holding = holds.action("hold");
    builds.jobs(1);
    builds.with(spawns).with(new Elsewhere(remote, Elsewhere.Strategy.RACE));
    BuildResult result = builds.build(List.of(holding, command("c", false)), "hold", "c");

    assertThat(builds.text(result, "c")).isEqualTo("remote");
    assertThat(result.summary().success()).isTrue();
  }

  @Test
  void race_isNotLostWithTheMachine() throws Exception {
    remote.with(_ -> {
      throw new RemoteRunException("no");
    });
    assertThat(build(Elsewhere.Strategy.RACE, command("c", false))).isEqualTo("out/c");

    spawns.ends(1);
    remote.with(_ -> {});
    assertThat(build(Elsewhere.Strategy.RACE, command("d", false))).isEqualTo("remote");
  }

  @Test
  void race_thatNobodyWins_isTheFailureHere() throws Exception {
    spawns.ends(7);
    remote.ends(3);

    assertThat(build(Elsewhere.Strategy.RACE, command("c", false))).isEqualTo("absent");
    assertThat(builds.outcomes.get("c")).isInstanceOf(Outcome.Failed.class);
    if (builds.outcomes.get("c") instanceof Outcome.Failed failed) {
      assertThat(failed.message()).isEqualTo("exit code 7");
    }
  }

  @Test
  void builtin_isSent_withWhatItsInputsReferTo() throws Exception {
    Digest named = builds.blobs.put(new byte[] {7});
    Type refers =
        new Type(
            "test.refers",
            false,
            context -> {
              context.refersTo(List.of(named));
              context.write(context.action().outputs().getFirst(), new byte[] {1});
            });
    Action.Builtin first = refers.action("first");
    ConcatType concat = new ConcatType();
    builds.with(new Elsewhere(remote, Elsewhere.Strategy.REMOTE));

    BuildResult result =
        builds.build(
            List.of(first, concat.action("second", "x", ConcatType.output("first"))), "second");

    assertThat(builds.text(result, "second")).isEqualTo("remote");
    assertThat(remote.references).containsExactly(Set.of(named));
  }

  private static Action.Command inImage(ExecutionRoot.Image root) {
    return new Action.Command(
        Label.parseAbsolute("//:c"),
        "test",
        List.of("run"),
        new TreeMap<>(),
        List.of(root.rootfs()),
        List.of(ConcatType.output("c")),
        root,
        false);
  }

  /// Where there are no roots, asking for one is an error.
  @Test
  void rootOfACommandThatIsSent_isNotLaidOutHere() throws Exception {
    Action rootfs = new ConcatType().action("rootfs", "listing");
    Action command = inImage(new ExecutionRoot.Image(ConcatType.output("rootfs")));

    assertThat(build(Elsewhere.Strategy.REMOTE, rootfs, command)).isEqualTo("remote");
  }

  @Test
  void nameOfAnImage_isNoPartOfTheKey() throws Exception {
    Artifact rootfs = ConcatType.output("rootfs");
    Map<Artifact, Content> inputs =
        Map.of(rootfs, new Content.File(builds.blobs.put(new byte[] {1}), false));

    assertThat(
            ActionKey.of(
                    inImage(new ExecutionRoot.Image(rootfs, Optional.of("r.example/a@sha256:0"))),
                    inputs)
                .digest())
        .isEqualTo(ActionKey.of(inImage(new ExecutionRoot.Image(rootfs)), inputs).digest());
  }

  @Test
  void sandboxThatIsToBeKept_isHere() {
    Elsewhere elsewhere = new Elsewhere(remote, Elsewhere.Strategy.REMOTE);
    for (boolean keep : new boolean[] {false, true}) {
      ActionRunner runner =
          new ActionRunner(
              builds.blobs,
              spawns,
              (_, _) -> new Spawn.Root.Host(List.of()),
              keep,
              Optional.of(elsewhere));
      assertThat(runner.sends(command("c", false))).isEqualTo(!keep);
    }
  }

  @Test
  void lostInput_isMadeAgainHere() throws Exception {
    AtomicBoolean lost = new AtomicBoolean();
    Digest made = Digester.digest("remote".getBytes(StandardCharsets.UTF_8));
    remote.with(action -> {
      if (action.owner().name().equals("c") && lost.compareAndSet(false, true)) {
        builds.blobs.remove(made);
        throw new MissingBlobException(made);
      }
    });

    assertThat(
            build(
                Elsewhere.Strategy.REMOTE,
                command("p", false),
                command("c", false, ConcatType.output("p"))))
        .isEqualTo("remote");
    assertThat(remote.sent).containsExactly("p", "c", "c").inOrder();
    assertThat(spawns.requests).hasSize(1);
    assertThat(builds.notices).isEmpty();
  }
}
