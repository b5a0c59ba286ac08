package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.engine.exec.SpawnRunner.Request;
import dev.athanor.engine.exec.SpawnRunner.Result;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SandboxedSpawnRunnerTest {
  @TempDir Path dir;
  private BlobStore blobs;
  private SandboxedSpawnRunner runner;
  private final SortedMap<RelativePath, Content> inputs = new TreeMap<>();

  @BeforeEach
  void open() throws Exception {
    blobs = DiskBlobStore.open(dir.resolve("store"));
    Sandbox sandbox = Sandboxes.choose("namespaces", dir.resolve("state")).sandbox();
    runner = SandboxedSpawnRunner.open(sandbox, blobs, dir.resolve("scratch"));
  }

  @AfterEach
  void close() throws Exception {
    runner.close();
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
    Path tree = Files.createDirectories(dir.resolve("tree/sub"));
    Files.writeString(tree.resolve("f"), "deep");
    Files.createDirectory(dir.resolve("tree/empty"));
    inputs.put(RelativePath.of("in"), Trees.capture(dir.resolve("tree"), blobs));

    Result result = run(List.of("out"), "ls in/empty; cp -r in out");

    assertThat(result.outputs())
        .containsEntry(RelativePath.of("out"), inputs.get(RelativePath.of("in")));
  }

  @Test
  void run_commandThatAttacksItsInputs_changesNothing() throws Exception {
    Content.File plain = input("in", "precious", false);
    Content.File tool = input("bin/tool", "#!/bin/sh\n", true);

    Result result =
        run(
            List.of("bin/out"),
            """
            for f in in bin/tool; do
              echo broken > $f; chmod 777 $f; echo broken >> $f; rm -f $f; mv $f x; true > $f
              touch -d 1999-01-01 $f; truncate -s 0 $f; ln $f bin/out && chmod 777 bin/out
            done
            cat in
            """);

    assertThat(text(result.stdout())).isEqualTo("precious");
    assertThat(text(plain.digest())).isEqualTo("precious");
    assertThat(Files.readString(blobs.file(tool.digest(), true).orElseThrow()))
        .isEqualTo("#!/bin/sh\n");
    assertThat(Files.isWritable(blobs.file(plain.digest(), false).orElseThrow()) && !root())
        .isFalse();
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
    assertThat(Files.readString(folder.resolve("build/left"))).isEqualTo("x\n");
  }

  @Test
  void close_leavesNoScratchFolder() throws Exception {
    run(List.of("a/b/c"), "mkdir -p d/e; chmod 0 d");
    runner.close();

    try (Stream<Path> left = Files.list(dir.resolve("scratch"))) {
      assertThat(left.toList()).isEmpty();
    }
  }

  @Test
  void open_removesWhatAKilledRunLeft() throws Exception {
    Path left = Files.createDirectories(dir.resolve("scratch/dead/1/build"));
    Files.createFile(dir.resolve("scratch/dead/lock"));

    open();
    runner.close();

    assertThat(Files.exists(left)).isFalse();
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
    SortedMap<String, String> env = new TreeMap<>();
    env.put("PATH", "/usr/bin:/bin");
    List<RelativePath> paths = new ArrayList<>();
    outputs.forEach(output -> paths.add(RelativePath.of(output)));
    return new Request(
        "test",
        List.of("sh", "-c", script),
        env,
        inputs,
        paths,
        Runs.HOST,
        List.of(),
        false,
        Spawn.Limits.NONE,
        keep);
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

  private static boolean root() {
    return System.getProperty("user.name", "").equals("root");
  }
}
