package dev.athanor.remote.execution;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import build.bazel.remote.execution.v2.Command;
import build.bazel.remote.execution.v2.Platform;
import com.google.rpc.Code;
import dev.athanor.engine.action.Action;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.exec.Exit;
import dev.athanor.engine.exec.RemoteRunException;
import dev.athanor.engine.exec.SpawnRunner;
import dev.athanor.engine.label.Label;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RemoteExecutorTest {
  private static final Digest KEY = Digester.digest("key".getBytes(UTF_8));
  private static final ExecutionRoot HOST = new ExecutionRoot.Host(List.of("/bin"), "0123");
  private static final Workers WORKERS =
      new Workers(
          "", new TreeMap<>(Map.of("OSFamily", "linux")), true, List.of(), Workers.PATIENCE);

  @TempDir Path temp;
  private TestExecutor server;
  private StoreCache cas;
  private final MemoryBlobStore local = new MemoryBlobStore();
  private final SortedMap<RelativePath, Content> inputs = new TreeMap<>();

  @BeforeEach
  void start() {
    server = TestExecutor.start(temp);
    cas = server.cache();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RemoteExecutor executor(Workers workers) {
    return new RemoteExecutor(server.channel(), cas, new FetchingStore(local, cas), workers);
  }

  private static Action.Command command(
      String script, ExecutionRoot root, Optional<Artifact.Derived> log, Artifact.Derived... outs) {
    List<Artifact.Derived> outputs = new ArrayList<>(List.of(outs));
    log.ifPresent(outputs::add);
    return new Action.Command(
        Label.parseAbsolute("//:c"),
        "test",
        List.of("/bin/sh", "-ec", script),
        new TreeMap<>(Map.of("PATH", "/usr/bin:/bin", "HERE", "/build/out", "ROOT", "/build")),
        List.of(),
        outputs,
        root,
        false,
        Optional.empty(),
        Action.Needs.ONE,
        log);
  }

  private static Artifact.Derived file(String name) {
    return Artifact.Derived.file(Label.parseAbsolute("//:c"), name);
  }

  private static Artifact.Derived tree(String name) {
    return Artifact.Derived.tree(Label.parseAbsolute("//:c"), name);
  }

  private SpawnRunner.Result run(Action.Command command) throws IOException, InterruptedException {
    return executor(WORKERS).run(command, KEY, inputs, Duration.ofSeconds(20));
  }

  private SpawnRunner.Result run(String script, Artifact.Derived... outputs)
      throws IOException, InterruptedException {
    return run(command(script, HOST, Optional.empty(), outputs));
  }

  private Content input(String text, boolean executable) throws IOException {
    return new Content.File(local.put(text.getBytes(UTF_8)), executable);
  }

  private Content inputTree(Map<RelativePath, Content> files) throws IOException {
    InputRoot root = InputRoot.of(files);
    root.store(local);
    return new Content.Tree(root.digest());
  }

  private String text(Digest digest) throws IOException {
    return new String(new FetchingStore(local, cas).read(digest), UTF_8);
  }

  private String text(SpawnRunner.Result result, String path) throws IOException {
    return result.outputs().get(RelativePath.of(path)) instanceof Content.File(var digest, _)
        ? text(digest)
        : "no file";
  }

  @Test
  void command_seesItsInputs_andLeavesItsOutputs() throws Exception {
    inputs.put(RelativePath.of("src/tool"), input("#!/bin/sh\necho tool $1\n", true));
    inputs.put(RelativePath.of("src/link"), new Content.Symlink("tool"));
    inputs.put(
        RelativePath.of("src/tree"),
        inputTree(
            Map.of(
                RelativePath.of("a/b/deep"), input("deep", false),
                RelativePath.of("top"), input("top", false))));

    SpawnRunner.Result result =
        run(
            """
            src/link x > out/file
            cat src/tree/a/b/deep src/tree/top > out/tree/cat
            mkdir -p out/tree/sub/empty; ln -s ../cat out/tree/sub/cat
            cp src/tool out/program; ln -s file out/symlink
            echo said; echo wrong >&2
            """,
            file("file"),
            file("program"),
            file("symlink"),
            file("none"),
            tree("tree"));

    assertThat(result.exit().success()).isTrue();
    assertThat(text(result, "out/file")).isEqualTo("tool x\n");
    assertThat(result.outputs().get(RelativePath.of("out/program")))
        .isEqualTo(inputs.get(RelativePath.of("src/tool")));
    assertThat(result.outputs().get(RelativePath.of("out/symlink")))
        .isEqualTo(new Content.Symlink("file"));
    assertThat(result.outputs()).doesNotContainKey(RelativePath.of("out/none"));
    assertThat(text(result.stdout())).isEqualTo("said\n");
    assertThat(text(result.stderr())).isEqualTo("wrong\n");
    assertThat(result.outputs().get(RelativePath.of("out/tree")))
        .isEqualTo(
            inputTree(
                Map.of(
                    RelativePath.of("cat"), input("deeptop", false),
                    RelativePath.of("sub/cat"), new Content.Symlink("../cat"),
                    RelativePath.of("sub/empty"), new Content.Tree(Digest.EMPTY))));
  }

  @Test
  void files_stayWhereTheyAre_untilSomebodyReadsThem() throws Exception {
    SpawnRunner.Result result =
        run("echo large > out/file; echo x > out/tree/y", file("file"), tree("tree"));

    Digest digest = Digester.digest("large\n".getBytes(UTF_8));
    assertThat(result.outputs().get(RelativePath.of("out/file")))
        .isEqualTo(new Content.File(digest, false));
    assertThat(local.contains(digest)).isFalse();
    assertThat(local.contains(Digester.digest("x\n".getBytes(UTF_8)))).isFalse();
    // Directories are for looking into.
    assertThat(
            result.outputs().get(RelativePath.of("out/tree")) instanceof Content.Tree(var tree)
                && local.contains(tree))
        .isTrue();
  }

  @Test
  void directories_mayComeWithoutTreeMessages() throws Exception {
    server.worker.rootDirectories = true;

    SpawnRunner.Result result = run("mkdir out/tree/a; echo x > out/tree/a/b", tree("tree"));

    assertThat(result.outputs().get(RelativePath.of("out/tree")))
        .isEqualTo(inputTree(Map.of(RelativePath.of("a/b"), input("x\n", false))));
  }

  @Test
  void whatTheServerHas_isNotSent() throws Exception {
    inputs.put(RelativePath.of("large"), input("large", false));
    RemoteExecutor executor = executor(WORKERS);
    Action.Command first = command("cat large", HOST, Optional.empty(), file("a"));
    executor.run(first, KEY, inputs, Duration.ofSeconds(20));
    Digest large = Digester.digest("large".getBytes(UTF_8));
    assertThat(cas.written).contains(large);

    cas.written.clear();
    // By whoever did not see it go there, too.
    run("cat large; echo again", file("a"));
    executor.run(
        command("cat large; echo more", HOST, Optional.empty(), file("a")),
        KEY,
        inputs,
        Duration.ofSeconds(20));

    // The actions and commands themselves.
    assertThat(cas.written).hasSize(4);
    assertThat(cas.written).doesNotContain(large);
  }

  @Test
  void message_saysWhatWorkersNeed_andNotWhatIsOnlyKnownHere() throws Exception {
    String image = "r.example/tools@sha256:" + "0".repeat(64);
    run(
        command(
            "echo $HERE $ROOT",
            new ExecutionRoot.Image(file("rootfs"), Optional.of(image)),
            Optional.empty(),
            file("b"),
            tree("a")));

    Command command = server.commands.getFirst();
    assertThat(command.getOutputPathsList()).containsExactly("out/a", "out/b").inOrder();
    assertThat(command.getOutputFilesList()).containsExactly("out/b");
    assertThat(command.getOutputDirectoriesList()).containsExactly("out/a");
    assertThat(
            command.getEnvironmentVariablesList().stream()
                .map(v -> v.getName() + "=" + v.getValue()))
        .containsExactly("HERE=out", "PATH=/usr/bin:/bin", "ROOT=.")
        .inOrder();
    Platform platform = server.actions.getFirst().getPlatform();
    assertThat(platform).isEqualTo(command.getPlatform());
    assertThat(platform.getPropertiesList().stream().map(p -> p.getName() + "=" + p.getValue()))
        .containsExactly("OSFamily=linux", "container-image=docker://" + image)
        .inOrder();
    assertThat(server.actions.getFirst().getSalt().toStringUtf8()).isEqualTo(KEY.toString());
    assertThat(server.actions.getFirst().getTimeout().getSeconds()).isEqualTo(20);
  }

  @Test
  void failingCommand_isAResult() throws Exception {
    SpawnRunner.Result result = run("echo partly > out/file; echo why >&2; exit 3", file("file"));

    assertThat(result.exit().code()).isEqualTo(3);
    assertThat(text(result.stderr())).isEqualTo("why\n");
    assertThat(text(result, "out/file")).isEqualTo("partly\n");
  }

  @Test
  void commandThatTakesTooLong_isAResult() throws Exception {
    Action.Command command = command("sleep 20", HOST, Optional.empty(), file("file"));

    SpawnRunner.Result result = executor(WORKERS).run(command, KEY, inputs, Duration.ofMillis(300));

    assertThat(result.exit().cause()).isEqualTo(new Exit.Cause.TimedOut(Duration.ofMillis(300)));
  }

  @Test
  void log_hasBothStreams() throws Exception {
    Artifact.Derived log = file("log");
    for (boolean stored : new boolean[] {false, true}) {
      server.worker.storesPrinted = stored;

      SpawnRunner.Result result =
          run(command("echo out; echo err >&2", HOST, Optional.of(log), file("other")));

      assertThat(text(result.stdout())).isEqualTo("out\nerr\n");
      assertThat(result.stderr()).isEqualTo(Digest.EMPTY);
      assertThat(server.commands.getLast().getOutputPathsList()).containsExactly("out/other");
    }
  }

  @Test
  void emptyOutputs_areInTheStore() throws Exception {
    SpawnRunner.Result result = run(": > out/file", file("file"));

    assertThat(result.outputs().get(RelativePath.of("out/file")))
        .isEqualTo(new Content.File(Digest.EMPTY, false));
    assertThat(local.contains(Digest.EMPTY)).isTrue();
    assertThat(result.stdout()).isEqualTo(Digest.EMPTY);
  }

  @Test
  void brokenStream_isTakenUpAgain() throws Exception {
    server.fails(new TestExecutor.Fault.Break(), new TestExecutor.Fault.Refuse(Status.UNAVAILABLE));

    assertThat(text(run("sleep 0.5; echo done > out/file", file("file")), "out/file"))
        .isEqualTo("done\n");
    assertThat(server.executes.get()).isEqualTo(1);
    assertThat(server.waits.get()).isEqualTo(2);
  }

  @Test
  void forgottenOperation_beginsAgain() throws Exception {
    server.fails(new TestExecutor.Fault.Forget());

    assertThat(text(run("echo done > out/file", file("file")), "out/file")).isEqualTo("done\n");
    assertThat(server.executes.get()).isEqualTo(2);
  }

  @Test
  void passingTrouble_passes() throws Exception {
    server.fails(
        new TestExecutor.Fault.Refuse(Status.RESOURCE_EXHAUSTED),
        new TestExecutor.Fault.Fail(status(Code.UNAVAILABLE)),
        new TestExecutor.Fault.Fail(com.google.rpc.Status.newBuilder().setCode(999).build()),
        new TestExecutor.Fault.Refuse(Status.INTERNAL));

    assertThat(text(run("echo done > out/file", file("file")), "out/file")).isEqualTo("done\n");
    assertThat(server.executes.get()).isEqualTo(5);
  }

  private static com.google.rpc.Status status(Code code) {
    return com.google.rpc.Status.newBuilder().setCode(code.getNumber()).setMessage("so so").build();
  }

  @Test
  void lastingTrouble_isTheMachinesFault() {
    server.fails(new TestExecutor.Fault.Refuse(Status.PERMISSION_DENIED));
    RemoteRunException denied =
        assertThrows(RemoteRunException.class, () -> run("true", file("file")));
    assertThat(denied.lasting()).isTrue();

    server.fails(new TestExecutor.Fault.Fail(status(Code.FAILED_PRECONDITION)));
    RemoteRunException refused =
        assertThrows(RemoteRunException.class, () -> run("true", file("file")));
    assertThat(refused.lasting()).isFalse();
    assertThat(refused).hasMessageThat().contains("FAILED_PRECONDITION: so so");
    assertThat(server.executes.get()).isEqualTo(2);
  }

  @Test
  void serverThatIsNotThere_isGivenUp() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    ManagedChannel nobody =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      RemoteExecutor executor = new RemoteExecutor(nobody, cas, local, WORKERS);
      RemoteRunException failure =
          assertThrows(
              RemoteRunException.class,
              () ->
                  executor.run(
                      command("true", HOST, Optional.empty(), file("file")),
                      KEY,
                      inputs,
                      Duration.ofSeconds(20)));
      assertThat(failure.lasting()).isTrue();
    } finally {
      nobody.shutdownNow();
    }
  }

  @Test
  void blobsThatTheServerLost_areSentAgain() throws Exception {
    Content.File file = (Content.File) input("input", false);
    inputs.put(RelativePath.of("deep/input"), file);
    RemoteExecutor executor = executor(WORKERS);
    Action.Command command =
        command("cat deep/input > out/file", HOST, Optional.empty(), file("file"));
    executor.run(command, KEY, inputs, Duration.ofSeconds(20));
    cas.written.clear();
    // The worker finds out, or the server itself.
    for (TestExecutor.Fault fault :
        List.of(
            new TestExecutor.Fault.Lose(List.of(file.digest())),
            new TestExecutor.Fault.Lack(List.of(file.digest())))) {
      server.fails(fault);
      int before = server.executes.get();

      SpawnRunner.Result result = executor.run(command, KEY, inputs, Duration.ofSeconds(20));

      assertThat(text(result, "out/file")).isEqualTo("input");
      assertThat(cas.written).containsExactly(file.digest());
      assertThat(server.executes.get()).isEqualTo(before + 2);
      cas.written.clear();
    }
  }

  @Test
  void blobThatIsLostForGood_isSaidToBeMissing() throws Exception {
    Content.File file = (Content.File) input("input", false);
    inputs.put(RelativePath.of("input"), file);
    local.remove(file.digest());

    MissingBlobException missing =
        assertThrows(MissingBlobException.class, () -> run("true", file("file")));
    assertThat(missing.digest()).isEqualTo(file.digest());
  }

  @Test
  void interruptedThread_cancelsTheOperation() throws Exception {
    AtomicReference<Object> end = new AtomicReference<>("nothing");
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                end.set(run("sleep 30", file("file")));
              } catch (IOException | InterruptedException e) {
                end.set(e);
              }
            });
    while (server.commands.isEmpty()) {
      Thread.sleep(5);
    }
    Thread.sleep(100);
    thread.interrupt();
    thread.join();

    assertThat(end.get()).isInstanceOf(InterruptedException.class);
    while (server.cancelled.isEmpty()) {
      Thread.sleep(5);
    }
    assertThat(server.cancelled).containsExactly("operations/1");
  }

  @Test
  void patience_ends() {
    Workers impatient = new Workers("", new TreeMap<>(), true, List.of(), Duration.ofMillis(500));

    RemoteRunException failure =
        assertThrows(
            RemoteRunException.class,
            () ->
                executor(impatient)
                    .run(
                        command("sleep 30", HOST, Optional.empty(), file("file")),
                        KEY,
                        inputs,
                        Duration.ofMinutes(1)));

    assertThat(failure).hasMessageThat().contains("not done within");
    assertThat(failure.lasting()).isFalse();
  }

  @Test
  void onlyWhatWorkersCanRun_isTaken() {
    Action.Command onHost = command("true", HOST, Optional.empty(), file("f"));
    Action.Command built =
        command("true", new ExecutionRoot.Image(file("rootfs")), Optional.empty(), file("f"));
    Action.Command pulled =
        command(
            "true",
            new ExecutionRoot.Image(file("rootfs"), Optional.of("r.example/a@sha256:0")),
            Optional.empty(),
            file("f"));
    Action.Command networked =
        new Action.Command(
            onHost.owner(),
            "test",
            onHost.argv(),
            onHost.env(),
            List.of(),
            onHost.outputs(),
            pulled.root(),
            true);
    Workers strange = new Workers("", new TreeMap<>(), false, List.of(), Workers.PATIENCE);

    assertThat(executor(WORKERS).takes(onHost)).isTrue();
    assertThat(executor(strange).takes(onHost)).isFalse();
    assertThat(executor(strange).takes(pulled)).isTrue();
    assertThat(executor(WORKERS).takes(built)).isFalse();
    assertThat(executor(WORKERS).takes(networked)).isFalse();
  }
}
