package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Bazel with `athanor serve` as its remote cache.
@Timeout(300)
final class BazelTest {
  private static final int ACTIONS = 7;

  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    var _ = Peer.find("bazel");
    workspace =
        TestWorkspace.in(temp)
            .write("large.txt", "0123456789abcdef".repeat(400_000))
            .write(
                "defs.bzl",
                """
                def _tree(ctx):
                    out = ctx.actions.declare_directory(ctx.label.name)
                    ctx.actions.run_shell(
                        outputs = [out],
                        command = "mkdir -p $1/sub && echo one > $1/one && echo two > $1/sub/two",
                        arguments = [out.path],
                    )
                    return [DefaultInfo(files = depset([out]))]

                tree = rule(implementation = _tree)
                """)
            .write(
                "BUILD",
                """
                load(":defs.bzl", "tree")

                [genrule(
                    name = "n%d" % i,
                    srcs = ["large.txt"],
                    outs = ["n%d.txt" % i],
                    cmd = "(echo %d; cat $<) > $@" % i,
                ) for i in range(4)]

                genrule(
                    name = "all",
                    srcs = [":n%d" % i for i in range(4)],
                    outs = ["all.txt"],
                    cmd = "echo said; head -qn 1 $(SRCS) > $@",
                )

                tree(name = "t")

                genrule(
                    name = "of_tree",
                    srcs = [":t"],
                    outs = ["of_tree.txt"],
                    cmd = "cat $</one $</sub/two > $@",
                )
                """);
  }

  /// Builds with an output base of its own, and no server that stays.
  private CliResult bazel(String base, String remote, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "bazel",
                "--batch",
                "--output_user_root=" + temp.resolve("bazel"),
                "--output_base=" + temp.resolve(base),
                "build",
                "--jobs=2",
                "--spawn_strategy=local",
                "--symlink_prefix=/",
                "--noshow_progress",
                "--color=no",
                "--curses=no",
                "--remote_cache=" + remote));
    command.addAll(List.of(more));
    command.add("//...");
    return Programs.run(workspace.root, Map.of("HOME", temp.toString()), command);
  }

  private String built(String base, String file) throws IOException {
    try (var found =
        Files.find(
            temp.resolve(base).resolve("execroot"),
            10,
            (path, _) -> path.endsWith(Path.of("bin", file)))) {
      return Files.readString(found.findFirst().orElseThrow());
    }
  }

  private void builds(String remote, String... flags) throws IOException {
    assertThat(bazel("cold", remote, flags).succeeds().err()).doesNotContain("remote cache hit");

    CliResult warm = bazel("warm", remote, flags).succeeds();

    assertThat(warm.err()).contains(ACTIONS + " remote cache hit");
    assertThat(warm.err()).doesNotContain("WARNING: Remote Cache");
    assertThat(built("warm", "of_tree.txt")).isEqualTo("one\ntwo\n");
    assertThat(built("warm", "all.txt")).isEqualTo("0\n1\n2\n3\n");
    assertThat(built("warm", "n3.txt")).isEqualTo("3\n" + workspace.read("large.txt"));
  }

  @Test
  void grpc() throws IOException {
    try (ServedCache cache = ServedCache.start(workspace)) {
      builds(cache.grpc);
    }
  }

  @Test
  void http() throws IOException {
    try (ServedCache cache = ServedCache.start(workspace)) {
      builds(cache.http);
    }
  }
}
