package dev.athanor.testing;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static dev.athanor.engine.exec.Factor.HOME;
import static dev.athanor.engine.exec.Factor.THREADS;
import static dev.athanor.engine.exec.Factor.TIME;
import static dev.athanor.engine.exec.Factor.TIME_ZONE;
import static dev.athanor.testing.Determinism.assertThat;
import static dev.athanor.testing.Determinism.targets;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.sandbox.Sandboxes;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What subjects say, and how they fail.
final class DeterminismTest {
  private static final String BUILD =
      """
      genrule(name = "plain", outs = ["plain.txt"], cmd = "echo plain > $@")
      genrule(name = "homely", outs = ["homely.txt"], cmd = "echo at $$HOME > $@")
      genrule(name = "failing", outs = ["none.txt"], cmd = "echo so it goes; exit 3")
      genrule(name = "online", outs = ["online.txt"], cmd = "echo > $@", network = True)
      filegroup(name = "both", srcs = [":plain", ":homely"])
      filegroup(name = "source", srcs = ["BUILD"])
      files(name = "file", sources = ["BUILD"])
      oci_build_image(name = "image", base = "scratch", packages = [":file"])
      """;

  private final Athanor athanor = Athanor.temporary();

  @BeforeEach
  void write() {
    athanor.file("BUILD", BUILD);
  }

  @AfterEach
  void close() {
    athanor.close();
  }

  private static String failure(Executable assertion) {
    return String.valueOf(assertThrows(AssertionError.class, assertion).getMessage());
  }

  @Test
  void deterministic_passes() {
    assertThat(athanor.target("//:plain")).isDeterministic();
    assertThat(athanor.action("//:plain")).isDeterministic();
    assertThat(athanor.action("//:plain")).producesSameOutputsUnder(TIME_ZONE, HOME);
    assertThat(athanor.action("//:homely")).producesSameOutputsUnder(TIME_ZONE);
    assertThat(athanor.target("//:image")).isDeterministic();
    assertThat(athanor.target("//:image")).producesSameOutputsUnder(THREADS);
    assertThat(athanor.target("//:plain").verify().isDeterministic()).isTrue();
  }

  @Test
  void notDeterministic_failsWithCauseDifferenceAndHint() {
    String whole = failure(() -> assertThat(athanor.target("//:both")).isDeterministic());
    String one = failure(() -> assertThat(athanor.action("//:homely")).isDeterministic());

    for (String message : new String[] {whole, one}) {
      assertThat(message).contains("expected to be deterministic:\n    //:");
      assertThat(message).contains("not deterministic: genrule //:homely (out/homely.txt)");
      assertThat(message).contains("  depends on $HOME\n");
      assertThat(message).contains("at /home/somebody-else-e29");
      assertThat(message).contains("  hint: set HOME in env");
      assertThat(message).contains("varied");
      assertThat(message).doesNotContain("//:plain (");
    }
  }

  @Test
  void underAFactor_failsOnlyForThat() {
    String message =
        failure(() -> assertThat(athanor.action("//:homely")).producesSameOutputsUnder(HOME));

    assertThat(message).contains("expected the same outputs under any home:\n    //:homely");
    assertThat(message).contains("depends on $HOME");
  }

  @Test
  void factorThatCannotBeVaried_fails() {
    try (Athanor poor = with(Set.of(TIME_ZONE))) {
      assertThat(poor.target("//:plain")).isDeterministic();
      assertThat(poor.target("//:plain")).producesSameOutputsUnder(TIME_ZONE);
      String message =
          failure(() -> assertThat(poor.target("//:plain")).producesSameOutputsUnder(TIME));

      assertThat(message).contains("cannot be varied here: time, for genrule //:plain");
      assertThat(poor.target("//:plain").verify().notVaried()).contains(TIME);
      assertThat(poor.target("//:plain").verify().toString()).contains("not varied, because");
    }
  }

  @Test
  void factorThatNothingMeets_fails() {
    String message =
        failure(() -> assertThat(athanor.target("//:image")).producesSameOutputsUnder(TIME));

    assertThat(message).contains("cannot be varied: time, which no action of it meets");
  }

  @Test
  void nothingCanBeVaried_fails() {
    try (Athanor blind = with(Set.of())) {
      String message = failure(() -> assertThat(blind.target("//:plain")).isDeterministic());

      assertThat(message)
          .contains("not verified: genrule //:plain: nothing of what is to be varied can be");
      assertThat(blind.target("//:image")).isDeterministic();
    }
  }

  /// A workspace whose sandbox varies just these.
  private static Athanor with(Set<Factor> varied) {
    return Athanor.temporary()
        .sandbox(state -> {
          try {
            return new Varying(Sandboxes.choose("auto", state).sandbox(), varied);
          } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
          }
        })
        .file("BUILD", BUILD);
  }

  private record Varying(Sandbox sandbox, Set<Factor> varies) implements Sandbox {
    @Override
    public Exit run(Spawn spawn) throws IOException, InterruptedException {
      return sandbox.run(spawn);
    }

    @Override
    public String name() {
      return sandbox.name();
    }

    @Override
    public boolean hermetic() {
      return sandbox.hermetic();
    }

    @Override
    public void close() {
      sandbox.close();
    }
  }

  @Test
  void withoutASandbox_littleIsVaried_andThatIsSaid() {
    try (Athanor plain = Athanor.temporary().sandbox("plain").file("BUILD", BUILD)) {
      assertThat(plain.sandboxName()).isEqualTo("plain");
      assertThat(plain.action("//:plain")).isDeterministic();
      String message = failure(() -> assertThat(plain.action("//:homely")).isDeterministic());

      assertThat(message).contains("depends on $HOME");
      assertThat(message).contains("not varied");
      assertThat(message).contains("host-name");
    }
  }

  @Test
  void networkAndNoActions_areNoProof() {
    try (Athanor online = Athanor.temporary().online().file("BUILD", BUILD)) {
      assertThat(failure(() -> assertThat(online.target("//:online")).isDeterministic()))
          .contains("not verified: genrule //:online: it may use the network");
    }
    assertThat(failure(() -> assertThat(athanor.target("//:source")).isDeterministic()))
        .contains("it takes no action: there is nothing to run again");
    assertThat(athanor.target("//:online"))
        .failsToBuildThat()
        .contains("this command wants the network");
  }

  @Test
  void failedBuild_saysWhatWasPrinted() {
    String expected = "genrule //:failing: exit code 3\n  | so it goes";

    assertThat(athanor.target("//:failing")).failsToBuildThat().contains(expected);
    assertThat(failure(() -> assertThat(athanor.target("//:failing")).builds()))
        .contains("so it goes");
    assertThat(assertThrows(BuildFailed.class, () -> athanor.build("//:failing")))
        .hasMessageThat()
        .isEqualTo("cannot build //:failing\n" + expected);
    assertThrows(
        BuildFailed.class, () -> assertThat(athanor.target("//:failing")).isDeterministic());
  }

  @Test
  void targetThatIsNotThere_saysSo() {
    assertThat(athanor.target("//:nowhere")).failsToBuildThat().contains("//:nowhere");
    assertThat(athanor.target("//none:x")).failsToBuildThat().contains("none");
    assertThat(failure(() -> athanor.build("::"))).contains("hint: ");
  }

  @Test
  void failsToBuild_failsWhenItBuilds() {
    assertThat(failure(() -> assertThat(athanor.target("//:plain")).failsToBuildThat().isEmpty()))
        .contains("it builds");
    assertThat(
            failure(() ->
                assertThat(athanor.target("//:failing")).failsToBuildThat().contains("zebra")))
        .contains("so it goes");
  }

  @Test
  void upToDate_onlyWhenNothingRuns() {
    String message = failure(() -> assertThat(athanor.target("//:both")).isUpToDate());
    assertThat(athanor.target("//:both")).isUpToDate();
    assertThat(athanor.action("//:plain")).isUpToDate();
    athanor.file("BUILD", BUILD.replace("echo plain", "echo fancy"));
    assertThat(athanor.action("//:homely")).isUpToDate();
    String ran = failure(() -> assertThat(athanor.action("//:plain")).isUpToDate());

    assertThat(message).contains("genrule //:plain");
    assertThat(message).contains("genrule //:homely");
    assertThat(ran).contains("it ran");
    assertThat(athanor.build("//:plain").output("plain.txt").text()).isEqualTo("fancy\n");
  }

  @Test
  void twoWorkspaces_makeTheSame_orItIsSaidWhatDiffers() {
    try (Athanor memory = Athanor.inMemory().file("BUILD", BUILD);
        Athanor other =
            Athanor.temporary().file("BUILD", BUILD.replace("echo plain", "echo fancy"))) {
      assertThat(athanor.target("//:image")).producesSameOutputsAs(memory.target("//:image"));
      String message =
          failure(() ->
              assertThat(athanor.target("//:both")).producesSameOutputsAs(other.target("//:both")));

      assertThat(message).contains("plain.txt");
      assertThat(message).contains("plain → fancy");
      assertThat(message).doesNotContain("homely.txt");
      assertThat(
              failure(() ->
                  assertThat(athanor.target("//:plain"))
                      .producesSameOutputsAs(athanor.target("//:homely"))))
          .contains("plain.txt, gone: made");
    }
  }

  @Test
  void actions_areChosenByWhatTheyDoOrMake() {
    assertThat(athanor.action("//:image", "layout")).isDeterministic();
    assertThat(athanor.action("//:homely", "homely.txt")).producesSameOutputsUnder(TIME_ZONE);

    assertThat(failure(() -> assertThat(athanor.action("//:image")).isDeterministic()))
        .containsMatch("//:image has \\d actions: say which one\n  .* makes .*");
    assertThat(failure(() -> assertThat(athanor.action("//:image", "x")).isDeterministic()))
        .contains("//:image has no action 'x'; it has\n");
    assertThat(failure(() -> assertThat(athanor.action("//:both")).isUpToDate()))
        .contains("//:both has no action");
  }

  @Test
  void subjects_workWithMessages() {
    String message =
        failure(() ->
            assertWithMessage("of all things")
                .about(targets())
                .that(athanor.target("//:homely"))
                .isDeterministic());

    assertThat(message).startsWith("of all things\n");
  }
}
