package dev.athanor.engine.query.output;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionGraph;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.exec.KnownKeys;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.testing.ConcatType;
import dev.athanor.engine.testing.Golden;
import dev.athanor.engine.testing.MemoryActionCache;
import dev.athanor.engine.testing.MemorySources;
import dev.athanor.engine.tree.RelativePath;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ActionOutputTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/dev/athanor/engine/query/golden/actions");

  private final MemoryBlobStore blobs = new MemoryBlobStore();
  private final MemorySources sources = new MemorySources(blobs);
  private final ConcatType concat = new ConcatType();

  /// A built-in reads a source; a command on the host reads what it makes; another command runs in
  /// an image.
  private List<Action> actions() {
    sources.put("app/a.txt", "a");
    Artifact.Source source = new Artifact.Source(RelativePath.of("app/a.txt"));
    Label owner = Label.parseAbsolute("//app:report");
    Artifact.Derived program = Artifact.Derived.of(owner, "run", Artifact.Derived.Kind.EXECUTABLE);
    Artifact.Derived tree = Artifact.Derived.tree(owner, "site");
    Artifact.Derived log = Artifact.Derived.file(owner, "log.txt");
    return List.of(
        concat.action("joined", "x\"y", source),
        new Action.Command(
            owner,
            "genrule",
            List.of("/bin/sh", "-ec", "cat out/joined > out/app/run\nmkdir out/app/site"),
            new TreeMap<>(Map.of("PATH", "/usr/bin:/bin", "LANG", "C.UTF-8")),
            List.of(ConcatType.output("joined"), source),
            List.of(program, tree),
            new ExecutionRoot.Host(List.of("/usr"), "0123abcd"),
            true,
            Optional.of(Duration.ofMinutes(2)),
            Action.Needs.ONE,
            Optional.empty()),
        new Action.Command(
            owner,
            "test",
            List.of("out/app/run"),
            new TreeMap<>(),
            List.of(program, tree, ConcatType.output("joined")),
            List.of(log),
            new ExecutionRoot.Image(ConcatType.output("joined")),
            false));
  }

  private List<ActionOutput.Entry> entries(List<Action> actions) throws Exception {
    KnownKeys keys = new KnownKeys(new MemoryActionCache(), sources, ActionGraph.of(actions));
    List<ActionOutput.Entry> entries = new ArrayList<>();
    for (Action action : actions) {
      entries.add(new ActionOutput.Entry(action, keys.key(action)));
    }
    return entries;
  }

  @ParameterizedTest
  @EnumSource(ActionOutput.class)
  void output_isAsBefore(ActionOutput output) throws Exception {
    StringWriter out = new StringWriter();

    output.write(entries(actions()), out);

    Golden.check(GOLDEN.resolve(output.name().toLowerCase(Locale.ROOT) + ".txt"), out.toString());
  }

  @Test
  void output_ofNothing_isStillWhole() throws Exception {
    StringWriter json = new StringWriter();

    ActionOutput.JSON.write(List.of(), json);

    assertThat(json.toString()).isEqualTo("{\n  \"actions\": []\n}\n");
  }
}
