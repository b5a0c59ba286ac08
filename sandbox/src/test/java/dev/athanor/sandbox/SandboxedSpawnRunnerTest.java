package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.Circumstances;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.engine.exec.SpawnRunner.Request;
import dev.athanor.engine.exec.SpawnRunner.Result;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SandboxedSpawnRunnerTest {
  @TempDir Path dir;
  private BlobStore blobs;
  private Sandbox sandbox;
  private SandboxedSpawnRunner runner;
  private final SortedMap<RelativePath, Content> inputs = new TreeMap<>();

  @BeforeEach
  void open() throws Exception {
    blobs = DiskBlobStore.open(dir.resolve("store"));
    sandbox = Sandboxes.choose("namespaces", dir.resolve("state")).sandbox();
    runner = SandboxedSpawnRunner.open(sandbox, blobs, dir.resolve("scratch"));
  }

  @AfterEach
  void close() throws Exception {
    runner.close();
    sandbox.close();
  }

  @Test
  void run_inputs_areThereAndOutputsAreTaken() throws Exception {
    input("src/a.txt", "alpha", false);
    input("tool", "#!/bin/sh\ncat src/*.txt > out/b.txt", true);
    inputs.put(RelativePath.of("link"), new Content.Symlink("src/a.txt"));

    Result result = run(List.of("out/b.txt"), "./tool; cat link; echo no > undeclared; echo e >&2");

    assertThat(result.exit().success()).isTrue();
    assertThat(text(result, "out/b.txt")).isEqualTo("alpha");
    assertThat(text(result.stdout())).isEqualTo("alpha");
    assertThat(text(result.stderr())).isEqualTo("e\n");
    assertThat(result.outputs()).hasSize(1);
  }

  @Test
  void run_trees_goInAndOut() throws Exception {
    inputs.put(RelativePath.of("in"), new Content.Tree(tree("deep")));

    Result result = run(List.of("out"), "ls in/empty; cp -r in out");

    assertThat(result.outputs())
        .containsEntry(RelativePath.of("out"), inputs.get(RelativePath.of("in")));
  }

  /// Folders are used again, and must not tell.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo left > left; echo left > out/left; mkdir -p out/deep/er; ln -s left out/link",
        "chmod 777 out; chmod 700 .",
        "chmod 2755 out; chmod 1777 .",
        "chmod 444 /dev/stdout /dev/stderr; true",
        "rmdir other; rm -rf out; mkdir out; echo file > other",
        "mkdir -p more/out; chmod 000 more",
        "rm -rf out; ln -s / out",
        "mkfifo out/pipe; echo loud; echo loud >&2",
        "exit 1",
      })
  void run_nextCommand_seesNothingOfThoseBefore(String before) throws Exception {
    String look = "ls -lAR --time-style=+ | sed 's/ [0-9]* //'; stat -c %a . out";
    List<String> outputs = List.of("out/made", "other/made");
    Result first = run(outputs, look + "; echo made > out/made");
    for (int i = 0; i < 3; i++) {
      var _ = run(List.of("out/x", "other/y", "out/deep/z"), before);
      awaitCleaning();
      var _ = run(List.of("elsewhere/made"), before);
      awaitCleaning();

      Result next = run(outputs, look + "; echo made > out/made");

      assertThat(text(next.stdout())).isEqualTo(text(first.stdout()));
      assertThat(text(next.stderr())).isEqualTo(text(first.stderr()));
      assertThat(next.outputs()).isEqualTo(first.outputs());
      assertThat(next.outputs().keySet()).containsExactly(RelativePath.of("out/made"));
    }
  }

  /// Scratch folders come back some time soon, unless a command has spoilt them.
  private void awaitCleaning() throws InterruptedException {
    for (int i = 0; i < 50 && runner.freeSlots() == 0; i++) {
      Thread.sleep(2);
    }
  }

  @Test
  void run_scratchFolder_isUsedAgain() throws Exception {
    var _ = run(List.of("out/x"), "echo 1 > out/x; echo 2 > out/y; echo loud");
    awaitCleaning();

    assertThat(runner.freeSlots()).isEqualTo(1);
  }

  /// What was moved into the store is a file of the store's like any other.
  @Test
  void run_outputs_areStoredWithoutWhatTheCommandGaveThem() throws Exception {
    Result result =
        run(
            List.of("a", "b", "c", "tree"),
            """
            echo 1 > a; chmod 4777 a; touch -d 1999-01-01 a
            echo 2 > b; ln b c
            mkdir -p tree/deep; echo 3 > tree/deep/f; chmod 000 tree/deep/f; chmod 500 tree/deep
            """);

    assertThat(result.outputs()).hasSize(4);
    for (String name : List.of("a", "b", "c")) {
      Content.File file = (Content.File) content(result, name);
      assertThat(file.executable()).isEqualTo(name.equals("a"));
      Path stored = blobs.file(file.digest(), false).orElseThrow();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stored)))
          .isEqualTo("r--r--r--");
      assertThat(Files.getLastModifiedTime(stored)).isEqualTo(Layout.TIME);
      assertThat((Integer) Files.getAttribute(stored, "unix:mode") & 07000).isEqualTo(0);
      assertThat(Files.getAttribute(stored, "unix:nlink")).isEqualTo(1);
    }
    Content.Tree tree = (Content.Tree) content(result, "tree");
    assertThat(Trees.leaves(tree.digest(), blobs).keySet())
        .containsExactly(RelativePath.of("deep/f"));
  }

  /// That of the largest process of the command, and nothing of this one.
  @Test
  void run_memory_isThatOfTheCommand() throws Exception {
    byte[] own = new byte[200 << 20];

    long little = run(List.of(), "true").exit().maxRssBytes();
    long much =
        run(List.of(), "head -c 120000000 /dev/zero | tail -c 120000000 > /dev/null")
            .exit()
            .maxRssBytes();

    assertThat(little).isGreaterThan(0);
    assertThat(little).isLessThan(50L << 20);
    assertThat(much).isGreaterThan(100L << 20);
    assertThat(much).isLessThan(own.length);
  }

  /// A directory that lets nothing go.
  @Test
  void run_outputsInAReadOnlyDirectory_keepTheirMode() throws Exception {
    Result result =
        run(List.of("out/tool"), "echo tool > out/tool; chmod 555 out/tool; chmod 555 out");

    assertThat(((Content.File) content(result, "out/tool")).executable()).isTrue();
    assertThat(text(result, "out/tool")).isEqualTo("tool\n");
  }

  private static Content content(Result result, String output) {
    return Objects.requireNonNull(result.outputs().get(RelativePath.of(output)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100})
  void run_commandThatAttacksItsInputs_changesNothing(int more) throws Exception {
    Content.File plain = input("in", "precious", false);
    Content.File tool = input("bin/tool", "#!/bin/sh\n", true);
    for (int i = 0; i < more; i++) {
      input("more/" + i, "one of many " + i, false);
    }

    Result result =
        run(
            List.of("bin/out"),
            """
            for f in in bin/tool more/1; do
              echo broken > $f; chmod 777 $f; echo broken >> $f; rm -f $f; mv $f x; true > $f
              touch -d 1999-01-01 $f; truncate -s 0 $f; ln $f bin/out && chmod 777 bin/out
              mv more less; rm -rf more
            done
            """);

    assertThat(result.exit().success()).isTrue();
    assertThat(text(plain.digest())).isEqualTo("precious");
    assertThat(Files.readString(blobs.file(tool.digest(), true).orElseThrow()))
        .isEqualTo("#!/bin/sh\n");
    Path stored = blobs.file(plain.digest(), false).orElseThrow();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stored)))
        .isEqualTo("r--r--r--");
    assertThat(Files.getLastModifiedTime(stored)).isEqualTo(Layout.TIME);
    if (more > 0) {
      Result again = run(List.of(), "cat in more/1; ls more | wc -l");
      assertThat(text(again.stdout())).isEqualTo("preciousone of many 1100\n");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100})
  void run_commandAmongItsInputs_mayLeaveFilesThere(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      input("src/" + i, "text " + i, false);
    }

    Result result = run(List.of("src/out", "src/dir"), "cd src; cat 0 > out; mkdir dir; cp 0 dir");

    assertThat(text(result, "src/out")).isEqualTo("text 0");
    assertThat(result.outputs()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 100})
  void run_inputsOfEqualContent_areNotOneFile(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      input("src/" + i, "equal", false);
    }

    Result result = run(List.of(), "stat -c %i src/* | sort -u | wc -l");

    assertThat(text(result.stdout())).isEqualTo(count + "\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100})
  void run_inputs_haveOneTime(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      input("a/src/" + i, "text " + i, false);
    }
    inputs.put(RelativePath.of("t"), new Content.Tree(tree("deep")));

    Result result = run(List.of(), "find a t -exec stat -c %Y {} + | sort -u");

    assertThat(text(result.stdout())).isEqualTo("946684800\n");
  }

  @Test
  void run_treeInput_isReadOnly() throws Exception {
    inputs.put(RelativePath.of("t"), new Content.Tree(tree("deep")));

    Result result = run(List.of(), "echo x > t/new; rm -rf t/sub; mv t u; cat t/sub/f");

    assertThat(text(result.stdout())).isEqualTo("deep");
  }

  @Test
  void run_outputBehindASymlink_isNotFollowed() throws Exception {
    Files.writeString(dir.resolve("secret"), "secret");

    Result result =
        run(
            List.of("d/secret", "direct"),
            "rm -r d; ln -s " + dir + " d; ln -s " + dir + "/secret direct");

    assertThat(result.outputs())
        .containsExactly(
            RelativePath.of("direct"), new Content.Symlink(dir.resolve("secret").toString()));
  }

  @Test
  void run_unreadableOutput_isTaken() throws Exception {
    Result result =
        run(List.of("f", "d"), "echo f > f; mkdir -p d/e; echo g > d/e/g; chmod -R 0 f d");

    assertThat(text(result, "f")).isEqualTo("f\n");
    assertThat(result.outputs()).hasSize(2);
  }

  @Test
  void run_atOnceFromVirtualThreads_doNotMeet() throws Exception {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    List<Future<String>> results = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String script =
          "echo " + i + " > /tmp/x; echo " + i + " > o; sleep 0.1; cat /tmp/x o; ls /tmp";
      results.add(threads.submit(() -> text(run(List.of(), script).stdout())));
    }

    for (int i = 0; i < 20; i++) {
      assertThat(results.get(i).get()).isEqualTo(i + "\n" + i + "\nx\n");
    }
    threads.close();
  }

  /// A child that is started while an executable is written holds it open for a moment.
  @Test
  void run_freshExecutables_areNeverBusy() throws Exception {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    List<Future<String>> results = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int number = i;
      results.add(
          threads.submit(() -> {
            Digest tool = blobs.put(("#!/bin/sh\necho tool " + number).getBytes(UTF_8));
            SortedMap<RelativePath, Content> own = new TreeMap<>();
            own.put(RelativePath.of("tool"), new Content.File(tool, true));
            Result result = run(request(own, List.of("./tool"), List.of(), false));
            return text(result.stdout()) + text(result.stderr());
          }));
    }

    for (int i = 0; i < results.size(); i++) {
      assertThat(results.get(i).get()).isEqualTo("tool " + i + "\n");
    }
    threads.close();
  }

  /// More than some build tools survive. In memory: inodes of most disks take too long to make.
  @Test
  @Tag(OrdinaryUserTest.ONCE)
  void run_manyThousandInputs_areThere() throws Exception {
    Path memory = Path.of("/dev/shm");
    assumeTrue(
        Files.isWritable(memory) && Files.getFileStore(memory).getUsableSpace() > 4L << 30,
        "no large file system in memory");
    Path folder = Files.createTempDirectory(memory, "athanor-test");
    try (SandboxedSpawnRunner large =
        SandboxedSpawnRunner.open(
            sandbox, DiskBlobStore.open(folder.resolve("store")), folder.resolve("scratch"))) {
      BlobStore store = DiskBlobStore.open(folder.resolve("store"));
      IntStream.range(0, 300_000)
          .parallel()
          .mapToObj(i -> new Numbered(i, put(store, Integer.toString(i))))
          .forEachOrdered(it ->
              inputs.put(
                  RelativePath.of("in/" + it.number % 500 + "/" + it.number),
                  new Content.File(it.digest, false)));

      Request request =
          request(List.of("out"), "find in -type f | wc -l; cat in/*/123456; echo > out", false);
      Result result = large.run(request);

      assertThat(new String(store.read(result.stdout()), UTF_8)).isEqualTo("300000\n123456");
      assertThat(result.outputs()).hasSize(1);
      Result again = large.run(request);
      assertThat(again.stdout()).isEqualTo(result.stdout());
      assertThat(again.layout()).isLessThan(result.layout());
    } finally {
      ScratchDirs.delete(folder);
    }
  }

  private record Numbered(int number, Digest digest) {}

  private static Digest put(BlobStore store, String text) {
    try {
      return store.put(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void run_fullDisk_failsThatCommandOnly() throws Exception {
    assumeTrue(Host.of(dir).uid() == 0, "only root can make a small file system");
    Path small = Files.createDirectory(dir.resolve("small"));
    assertThat(
            new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=4m", "none", small.toString())
                .start()
                .waitFor())
        .isEqualTo(0);
    BlobStore store = DiskBlobStore.open(small.resolve("store"));
    try (SandboxedSpawnRunner full =
        SandboxedSpawnRunner.open(sandbox, store, small.resolve("scratch"))) {
      for (int i = 0; i < 5; i++) {
        Result filled =
            full.run(request(List.of("out"), "cat /dev/zero > rest; cat /dev/zero > out", false));
        assertThat(filled.exit().success()).isFalse();
        Result after = full.run(request(List.of("out"), "echo small > out", false));
        assertThat(after.exit().success()).isTrue();
      }
    } finally {
      new ProcessBuilder("umount", "-l", small.toString()).start().waitFor();
    }
  }

  @Test
  void run_missingOutput_isAbsent() throws Exception {
    Result result = run(List.of("a", "b"), "echo > a");

    assertThat(result.outputs().keySet()).containsExactly(RelativePath.of("a"));
  }

  @Test
  void run_kept_leavesTheFolder() throws Exception {
    Result kept = run(request(List.of(), "echo x > left", true));

    Path folder = kept.kept().orElseThrow();
    runner.close();
    assertThat(Files.readString(folder.resolve("build/left"))).isEqualTo("x\n");
  }

  @Test
  void close_leavesNoScratchFolder() throws Exception {
    run(List.of("a/b/c"), "mkdir -p d/e; chmod 0 d");
    runner.close();

    try (Stream<Path> left = Files.list(dir.resolve("scratch/runs"))) {
      assertThat(left.toList()).isEmpty();
    }
  }

  @Test
  void open_removesWhatAKilledRunLeft() throws Exception {
    // The runner of the other tests may still be tidying up: wait for it, or it takes this away
    // half-made.
    runner.close();
    Path left = Files.createDirectories(dir.resolve("scratch/runs/dead/1/build"));
    Files.createFile(dir.resolve("scratch/runs/dead/lock"));

    open();
    runner.close();

    assertThat(Files.exists(left)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100})
  void run_otherPath_hasTheSameThere(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      input("src/" + i, "alpha", false);
    }
    inputs.put(RelativePath.of("in"), new Content.Tree(tree("deep")));
    Request usual = request(List.of("out/b.txt"), "pwd; cat src/0 in/sub/f > out/b.txt", false);

    Result result = run(varying(usual, Factor.PATH));

    assertThat(result.exit().success()).isTrue();
    assertThat(text(result.stdout())).isEqualTo(Circumstances.DIRECTORY + "\n");
    assertThat(text(result, "out/b.txt")).isEqualTo("alphadeep");
    assertThat(text(run(usual).stdout())).isEqualTo("/build\n");
  }

  @Test
  void run_allVaried_isHeld() throws Exception {
    for (int i = 0; i < 100; i++) {
      input("src/" + i, "alpha", false);
    }
    Request usual =
        request(
            List.of("out"), "(ls -fal src; stat src/1 . ; env; id; date; uname -a) > out", false);
    Request other = varying(usual, Factor.values());

    String once = text(run(other), "out");

    assertThat(once).contains(" 2037");
    assertThat(once).contains("1987-03-14");
    assertThat(once.replaceAll("Inode: \\d+|Device: \\S+", ""))
        .isEqualTo(text(run(other), "out").replaceAll("Inode: \\d+|Device: \\S+", ""));
  }

  private static Request varying(Request it, Factor... factors) {
    return new Request(
        it.argv(),
        it.env(),
        it.inputs(),
        it.outputs(),
        it.trees(),
        it.oneStream(),
        it.root(),
        it.binds(),
        it.network(),
        it.limits(),
        it.keep(),
        Set.of(factors));
  }

  private Content.File input(String path, String text, boolean executable) throws Exception {
    Content.File file = new Content.File(blobs.put(text.getBytes(UTF_8)), executable);
    inputs.put(RelativePath.of(path), file);
    return file;
  }

  private Result run(List<String> outputs, String script) throws Exception {
    return run(request(outputs, script, false));
  }

  private Result run(Request request) throws Exception {
    return runner.run(request);
  }

  private Request request(List<String> outputs, String script, boolean keep) {
    return request(inputs, List.of("sh", "-c", script), outputs, keep);
  }

  private static Request request(
      SortedMap<RelativePath, Content> inputs,
      List<String> argv,
      List<String> outputs,
      boolean keep) {
    SortedMap<String, String> env = new TreeMap<>();
    env.put("PATH", "/usr/bin:/bin");
    List<RelativePath> paths = new ArrayList<>();
    outputs.forEach(output -> paths.add(RelativePath.of(output)));
    return new Request(
        argv,
        env,
        inputs,
        paths,
        Set.of(),
        false,
        Runs.HOST,
        List.of(),
        false,
        Spawn.Limits.NONE,
        keep,
        Set.of());
  }

  private String text(Result result, String output) throws Exception {
    if (result.outputs().get(RelativePath.of(output)) instanceof Content.File(var digest, _)) {
      return text(digest);
    }
    throw new AssertionError("no file at " + output + " in " + result);
  }

  private String text(Digest digest) throws Exception {
    return new String(blobs.read(digest), UTF_8);
  }

  /// A tree with a file `sub/f` and an empty directory.
  private Digest tree(String text) throws Exception {
    Path tree = Files.createTempDirectory(dir, "tree");
    Files.writeString(Files.createDirectory(tree.resolve("sub")).resolve("f"), text);
    Files.createDirectory(tree.resolve("empty"));
    if (Trees.capture(tree, blobs) instanceof Content.Tree(var digest)) {
      return digest;
    }
    throw new AssertionError();
  }
}
