package dev.athanor.engine.plan;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionGraph;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.source.FileLeaf;
import dev.athanor.engine.testing.ConcatType;
import dev.athanor.engine.tree.RelativePath;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What goes into a plan comes out of it.
final class PlanTest {
  private static final Label OWNER = Label.parseAbsolute("//app:all");
  private static final Artifact.Source SOURCE = source("app/ä.txt");
  private static final Artifact.Derived FIRST = ConcatType.output("first");
  private static final Artifact.Derived LOG = Artifact.Derived.file(OWNER, "test.log");
  private static final Artifact.Derived TREE = Artifact.Derived.tree(OWNER, "outputs");
  private static final Artifact.Derived PROGRAM =
      Artifact.Derived.of(OWNER, "program", Artifact.Derived.Kind.EXECUTABLE);

  private final ConcatType concat = new ConcatType();
  private final Action.Builtin first = concat.action("first", "a\nb", source("b.txt"), SOURCE);
  private final Action.Command second =
      new Action.Command(
          OWNER,
          "genrule",
          List.of("/bin/sh", "-c", "", "two words"),
          new TreeMap<>(Map.of("LANG", "C.UTF-8", "EMPTY", "")),
          List.of(SOURCE, FIRST),
          List.of(PROGRAM),
          new ExecutionRoot.Host(List.of("/usr", "/bin"), "0123"),
          false);
  private final Action.Command third =
      new Action.Command(
          OWNER,
          "test",
          List.of("./program"),
          new TreeMap<>(),
          List.of(PROGRAM, FIRST),
          List.of(TREE, LOG),
          new ExecutionRoot.Image(FIRST, Optional.of("r.example/tools@sha256:0123")),
          true,
          Optional.of(Duration.ZERO),
          new Action.Needs(4, 3L << 30, 2),
          Optional.of(LOG));

  private static Artifact.Source source(String path) {
    return new Artifact.Source(RelativePath.of(path));
  }

  private Plan plan() {
    WantedTarget target =
        WantedTarget.of(OWNER, "test", Map.of("log", List.of(LOG), "files", List.of(LOG, SOURCE)))
            .withFact("shards", "3");
    Plan plan =
        Plan.of(
            List.of(target),
            ActionGraph.of(List.of(third, first, second)),
            new TreeMap<>(
                Map.of(
                    "BUILD", List.of(new Watch.Said(FileLeaf.Aspect.TEXT, -5)),
                    "b.txt", List.of(new Watch.Said(FileLeaf.Aspect.KIND, 7)))),
            ActionTypes.of(List.of(concat)));
    return Plan.read(plan.bytes(), ActionTypes.of(List.of(concat)));
  }

  @Test
  void actions_comeInAnOrderInWhichTheyCanRun() {
    Plan plan = plan();

    assertThat(plan.actionCount()).isEqualTo(3);
    assertThat(List.of(plan.action(0), plan.action(1), plan.action(2)))
        .containsExactly(first, second, third)
        .inOrder();
  }

  @Test
  void references_nameInputsInDeclaredOrder() {
    Plan plan = plan();

    for (int action = 0; action < plan.actionCount(); action++) {
      List<Artifact> inputs = plan.action(action).inputs();
      int[] references = plan.inputs(action);
      assertThat(references).hasLength(inputs.size());
      for (int i = 0; i < references.length; i++) {
        assertThat(plan.artifact(references[i])).isEqualTo(inputs.get(i));
      }
    }
  }

  @Test
  void outputs_knowTheirProducers() {
    Plan plan = plan();

    for (int output = 0; output < plan.outputCount(); output++) {
      assertThat(plan.action(plan.producer(output)).outputs()).contains(plan.output(output));
    }
    assertThat(plan.actionsByName().get(PROGRAM.path().text())).isEqualTo(1);
  }

  @Test
  void targets_keepPartsAndFacts() {
    Plan plan = plan();
    PlannedTarget target = plan.targets().getFirst();

    assertThat(target.label()).isEqualTo("//app:all");
    assertThat(target.facts()).containsExactly("shards", "3");
    assertThat(plan.artifact(target.reference("log").orElseThrow())).isEqualTo(LOG);
    assertThat(target.references("nothing")).isEmpty();
    assertThat(plan.references("log")).hasLength(1);
    assertThat(plan.references("log")[0]).isEqualTo(target.reference("log").orElseThrow());
    assertThat(plan.references("files")).hasLength(2);
    assertThat(plan.references("nothing")).isEmpty();
    assertThat(plan.wantedSources().cardinality()).isEqualTo(1);
  }

  @Test
  void watches_startWithTheSources_andKeepWhatWasSaid() {
    Plan plan = plan();
    BitSet all = new BitSet();
    all.set(0, plan.watchCount());

    assertThat(plan.sourceCount()).isEqualTo(2);
    assertThat(plan.watches(all))
        .containsExactly(
            new Watch("b.txt", true, List.of(new Watch.Said(FileLeaf.Aspect.KIND, 7))),
            new Watch("app/ä.txt", true, List.of()),
            new Watch("BUILD", false, List.of(new Watch.Said(FileLeaf.Aspect.TEXT, -5))))
        .inOrder();
  }

  @Test
  void actionsForAnOutput_areAllThatItTakes() {
    Plan plan = plan();
    BitSet needed = plan.actionsFor(new int[] {Plan.outputReference(plan.firstOutput(1))});

    assertThat(needed.stream().boxed().toList()).containsExactly(0, 1);
  }
}
