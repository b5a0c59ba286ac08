package dev.athanor.remote.execution;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.action.ActionTypes;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.exec.BuiltinContext;
import dev.athanor.engine.exec.RemoteRunException;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Built-ins that a worker runs, with a store of its own.
@Timeout(60)
final class AssignmentsTest {
  private static final Digest KEY = Digester.digest("key".getBytes(UTF_8));
  private static final Artifact.Source SOURCE = new Artifact.Source(RelativePath.of("src/list"));
  private static final Artifact.Derived OUT =
      Artifact.Derived.file(Label.parseAbsolute("//:a"), "out");
  private static final Artifact.Derived TREE =
      Artifact.Derived.tree(Label.parseAbsolute("//:a"), "tree");

  @TempDir Path temp;
  private TestExecutor server;
  private StoreCache cas;
  private RemoteExecutor executor;
  private final MemoryBlobStore local = new MemoryBlobStore();

  /// What the worker's Athanor knows.
  private volatile ActionType known = new FollowType(1);

  /// Its input lists digests, which it reads; writes them one after the other, a tree with each of
  /// them, and refers to a blob that is no output.
  private record FollowType(int version) implements ActionType {
    @Override
    public String id() {
      return "test.follow";
    }

    @Override
    public Resource resource() {
      return Resource.CPU;
    }

    @Override
    public void run(ActionContext context) throws IOException {
      StringBuilder all = new StringBuilder(context.param("before"));
      Map<RelativePath, Content> files = new TreeMap<>();
      for (String line : new String(context.read(SOURCE), UTF_8).lines().toList()) {
        Digest digest = Assignment.digest(line);
        all.append(new String(context.blobs().read(digest), UTF_8));
        files.put(RelativePath.of("files").resolve(digest.hex()), new Content.File(digest, false));
      }
      if (all.indexOf("FAIL") >= 0) {
        throw new ActionException("it says FAIL", "say something else");
      }
      InputRoot tree = InputRoot.of(files);
      tree.store(context.blobs());
      context.output(TREE, new Content.Tree(tree.digest()));
      context.refersTo(List.of(context.blobs().put(("of " + all).getBytes(UTF_8))));
      context.write(OUT, all.toString().getBytes(UTF_8));
    }
  }

  @BeforeEach
  void start() {
    server = TestExecutor.start(temp);
    server.worker.with((command, directory, printed, limit) -> {
      assertThat(command.getArgumentsList())
          .containsExactly("athanor", "perform", "action.json")
          .inOrder();
      try {
        Performance.End end =
            new Performance(directory.resolve("action.json"), new MemoryBlobStore())
                .run(ActionTypes.of(List.of(known)));
        return end == Performance.End.DONE ? 0 : 1;
      } catch (UserException e) {
        Files.writeString(printed.stderr(), String.valueOf(e.getMessage()));
        return 2;
      }
    });
    cas = server.cache();
    Workers workers = new Workers("", new TreeMap<>(), false, List.of("athanor"), Workers.PATIENCE);
    executor = new RemoteExecutor(server.channel(), cas, new FetchingStore(local, cas), workers);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Digest blob(String text) throws IOException {
    return local.put(text.getBytes(UTF_8));
  }

  private static Action.Builtin action(ActionType type) {
    return new Action.Builtin(
        Label.parseAbsolute("//:a"),
        type,
        new TreeMap<>(Map.of("before", "<ü\n")),
        List.of(SOURCE),
        List.of(OUT, TREE));
  }

  private Map<Artifact, Content> list(Digest... digests) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Digest digest : digests) {
      lines.append(digest).append('\n');
    }
    return new LinkedHashMap<>(Map.of(SOURCE, new Content.File(blob(lines.toString()), false)));
  }

  private ActionResult run(Map<Artifact, Content> inputs, Set<Digest> references)
      throws IOException, InterruptedException {
    return executor.run(action(new FollowType(1)), KEY, inputs, () -> references);
  }

  @Test
  void result_isWhatItWouldBeHere_andStaysThere() throws Exception {
    Map<Artifact, Content> inputs = list(blob("one"), blob("two"));

    ActionResult there = run(inputs, Set.of());

    assertThat(local.contains(Digester.digest("<ü\nonetwo".getBytes(UTF_8)))).isFalse();
    assertThat(server.store.contains(Digester.digest("<ü\nonetwo".getBytes(UTF_8)))).isTrue();
    assertThat(there.references())
        .containsExactly(Digester.digest("of <ü\nonetwo".getBytes(UTF_8)));
    ActionResult here = BuiltinContext.run(action(new FollowType(1)), inputs, local);
    assertThat(there).isEqualTo(here);
  }

  @Test
  void whatItReads_isSentWhenItAsks_orRightAway() throws Exception {
    Digest one = blob("one");
    Digest two = blob("two");

    run(list(one, two), Set.of());
    assertThat(server.executes.get()).isEqualTo(3);

    run(list(one, two, one), Set.of(one, two));
    assertThat(server.executes.get()).isEqualTo(4);
  }

  @Test
  void whatOnlyTheServerHas_isNotBroughtHereFirst() throws Exception {
    Digest there = server.store.put("there".getBytes(UTF_8));

    ActionResult result = run(list(there), Set.of());

    assertThat(result.outputs().get(OUT.path()))
        .isEqualTo(new Content.File(Digester.digest("<ü\nthere".getBytes(UTF_8)), false));
    assertThat(local.contains(there)).isFalse();
  }

  @Test
  void whatNobodyHas_isMissing() throws Exception {
    Digest lost = blob("lost");
    Map<Artifact, Content> inputs = list(lost);
    local.remove(lost);

    MissingBlobException missing =
        assertThrows(MissingBlobException.class, () -> run(inputs, Set.of()));

    assertThat(missing.digest()).isEqualTo(lost);
  }

  @Test
  void failure_isTheActions() throws Exception {
    Map<Artifact, Content> inputs = list(blob("FAIL"));

    ActionException failure = assertThrows(ActionException.class, () -> run(inputs, Set.of()));

    assertThat(failure).hasMessageThat().isEqualTo("it says FAIL");
    assertThat(failure.hint()).hasValue("say something else");
  }

  @Test
  void otherVersion_isTheWorkersFault() throws Exception {
    known = new FollowType(2);
    Map<Artifact, Content> inputs = list();

    RemoteRunException failure =
        assertThrows(RemoteRunException.class, () -> run(inputs, Set.of()));

    assertThat(failure)
        .hasMessageThat()
        .contains("this Athanor has version 2 of the action type test.follow, not 1");
  }

  @Test
  void workerThatAlwaysAsks_isGivenUp() throws Exception {
    Digest one = blob("one");
    Map<Artifact, Content> inputs = list(one);
    server.worker.with((command, directory, printed, limit) -> {
      Files.createDirectories(directory.resolve("results"));
      Files.writeString(directory.resolve("results/lacking"), one + "\n");
      return 1;
    });

    assertThrows(RemoteRunException.class, () -> run(inputs, Set.of()));
    assertThat(server.executes.get()).isEqualTo(2);
  }

  @Test
  void resultThatIsNotWhole_isNoResult() throws Exception {
    Map<Artifact, Content> inputs = list(blob("one"));
    ActionResult result =
        BuiltinContext.run(action(new FollowType(1)), inputs, new FetchingStore(local, cas));
    server.worker.with((command, directory, printed, limit) -> {
      Files.createDirectories(directory.resolve("results"));
      Files.write(directory.resolve("results/result"), result.toWire().toByteArray());
      return 0;
    });

    RemoteRunException failure =
        assertThrows(RemoteRunException.class, () -> run(inputs, Set.of()));
    assertThat(failure).hasMessageThat().contains("not whole");
  }

  @Test
  void treeThatNobodyCouldWalkDown_isNoResult() throws Exception {
    Map<Digest, byte[]> blobs = new LinkedHashMap<>();
    Digest tree = Digest.EMPTY;
    for (int depth = 0; depth <= Trees.MAX_DEPTH; depth++) {
      InputRoot above = InputRoot.of(Map.of(RelativePath.of("d"), new Content.Tree(tree)));
      tree = above.digest();
      above.directories().forEach(each -> blobs.put(Digester.digest(each), each));
    }
    Digest out = Digester.digest(new byte[] {1});
    blobs.put(out, new byte[] {1});
    ActionResult result =
        new ActionResult(
            new TreeMap<>(
                Map.of(
                    OUT.path(), new Content.File(out, false),
                    TREE.path(), new Content.Tree(tree))),
            Set.of(),
            Digest.EMPTY,
            Digest.EMPTY,
            true);
    server.worker.with((command, directory, printed, limit) -> {
      Path results = Files.createDirectories(directory.resolve("results"));
      for (Map.Entry<Digest, byte[]> blob : blobs.entrySet()) {
        Files.write(results.resolve(blob.getKey().hex()), blob.getValue());
      }
      Files.write(results.resolve("result"), result.toWire().toByteArray());
      return 0;
    });
    Map<Artifact, Content> inputs = list();

    RemoteRunException failure =
        assertThrows(RemoteRunException.class, () -> run(inputs, Set.of()));
    assertThat(failure).hasMessageThat().contains("not whole");
  }

  @Test
  void onlyWhatIsPortable_isTaken() {
    assertThat(executor.takes(action(new FollowType(1)))).isTrue();
    RemoteExecutor without =
        new RemoteExecutor(
            server.channel(),
            cas,
            local,
            new Workers("", new TreeMap<>(), false, List.of(), Workers.PATIENCE));
    assertThat(without.takes(action(new FollowType(1)))).isFalse();
  }
}
