package dev.athanor.testing;

import static com.google.common.truth.Truth.assertThat;
import static dev.athanor.testing.Determinism.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Runs classes that have workspaces, as JUnit runs them.
final class AthanorExtensionTest {
  /// What a run of a class came to, and what it saw.
  private static final class Seen implements TestExecutionListener {
    final TreeMap<String, String> outcomes = new TreeMap<>();
    final List<String> reported = new ArrayList<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest() || result.getThrowable().isPresent()) {
        String message =
            result.getThrowable().map(Throwable::getMessage).orElse(result.getStatus().toString());
        outcomes.put(test.getDisplayName(), message);
      }
    }

    @Override
    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
      entry.getKeyValuePairs().forEach((key, value) -> reported.add(key + " " + value));
    }
  }

  private static Seen run(Class<?> tests) {
    Seen seen = new Seen();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                .build(),
            seen);
    return seen;
  }

  private static final List<Athanor> USED = new ArrayList<>();

  @ExtendWith(AthanorExtension.class)
  static final class Empty {
    @BeforeEach
    void write(Athanor athanor) {
      USED.add(athanor);
      athanor.file("BUILD", "genrule(name = 'x', outs = ['x.txt'], cmd = 'echo x > $@')");
    }

    @Test
    void one(Athanor athanor, Athanor same) {
      assertThat(athanor).isSameInstanceAs(same);
      assertThat(athanor.target("//:x")).isDeterministic();
    }

    @Test
    void two(Athanor athanor) {
      assertThat(athanor.build("//:x").executed()).hasSize(1);
    }

    @Test
    void own(Athanor athanor, @AthanorWorkspace(in = AthanorWorkspace.Place.MEMORY) Athanor other) {
      assertThat(other).isNotSameInstanceAs(athanor);
      assertThat(athanor.target("//:x")).builds();
      assertThat(other.target("//:x")).failsToBuildThat().contains("//:x");
    }

    @AfterEach
    void seesTheSame(Athanor athanor) {
      assertThat(USED).contains(athanor);
    }
  }

  @Test
  void withoutAName_eachTestHasAnEmptyWorkspaceOfItsOwn_thatGoes() {
    USED.clear();

    Seen seen = run(Empty.class);

    assertThat(seen.outcomes.values()).containsExactly("SUCCESSFUL", "SUCCESSFUL", "SUCCESSFUL");
    assertThat(new HashSet<>(USED)).hasSize(3);
    for (Athanor used : USED) {
      assertThat(Files.exists(used.root())).isFalse();
    }
  }

  @AthanorWorkspace("examples/quickstart")
  static final class Named {
    @Test
    void ofTheClass(Athanor athanor) {
      assertThat(Files.exists(athanor.root().resolve("greeting.sh"))).isTrue();
    }

    @Test
    @AthanorWorkspace(in = AthanorWorkspace.Place.MEMORY)
    void ofTheMethod(Athanor athanor) {
      assertThat(Files.exists(athanor.root().resolve("greeting.sh"))).isFalse();
    }

    @Nested
    final class Inner {
      @Test
      void ofTheOuterClass(Athanor athanor) {
        assertThat(Files.exists(athanor.root().resolve("greeting.sh"))).isTrue();
      }
    }
  }

  @Test
  void theNearestName_counts() {
    assertThat(run(Named.class).outcomes)
        .containsExactly(
            "ofTheClass(Athanor)", "SUCCESSFUL",
            "ofTheMethod(Athanor)", "SUCCESSFUL",
            "ofTheOuterClass(Athanor)", "SUCCESSFUL");
  }

  @AthanorWorkspace(in = AthanorWorkspace.Place.MEMORY)
  static final class Shared {
    static final Set<Athanor> SEEN = new HashSet<>();

    @BeforeAll
    static void write(Athanor athanor) {
      SEEN.add(athanor);
      athanor.file("BUILD", "files(name = 'x', sources = ['BUILD'])");
    }

    @Test
    void one(Athanor athanor) {
      SEEN.add(athanor);
    }

    @Test
    void two(Athanor athanor) {
      SEEN.add(athanor);
    }
  }

  @Test
  void workspaceOfBeforeAll_servesTheClass() {
    Shared.SEEN.clear();

    assertThat(run(Shared.class).outcomes.values()).containsExactly("SUCCESSFUL", "SUCCESSFUL");

    assertThat(Shared.SEEN).hasSize(1);
  }

  static final class Wrong {
    @Test
    @AthanorWorkspace("examples/nowhere")
    void gone(Athanor athanor) {
      assertThat(athanor).isNull();
    }

    @Test
    @AthanorWorkspace("docs")
    void none(Athanor athanor) {
      assertThat(athanor).isNull();
    }

    @Test
    @AthanorWorkspace(in = AthanorWorkspace.Place.IN_PLACE)
    void where(Athanor athanor) {
      assertThat(athanor).isNull();
    }
  }

  @Test
  void wrongNames_areToldByMessage() {
    TreeMap<String, String> outcomes = run(Wrong.class).outcomes;

    assertThat(outcomes.get("gone(Athanor)")).contains("no workspace examples/nowhere below ");
    assertThat(outcomes.get("none(Athanor)")).contains("docs is no workspace");
    assertThat(outcomes.get("where(Athanor)")).contains("names no workspace");
  }

  static final class Poor {
    @Test
    @ExtendWith(AthanorExtension.class)
    void plain(Athanor athanor) {
      athanor.sandbox("plain");
      athanor.file("BUILD", "genrule(name = 'x', outs = ['x.txt'], cmd = 'echo x > $@')");
      assertThat(athanor.target("//:x")).isDeterministic();
    }
  }

  @Test
  void whatCannotBeVaried_isReportedThoughTheTestPasses() {
    Seen seen = run(Poor.class);

    assertThat(seen.outcomes.values()).containsExactly("SUCCESSFUL");
    assertThat(seen.reported).hasSize(1);
    assertThat(seen.reported.getFirst())
        .startsWith("//:x not varied, because the sandbox cannot: ");
  }
}
