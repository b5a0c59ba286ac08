package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.oci.layer.Peers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How command lines go on, and that shells understand what they are told.
final class CompletionTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace =
        TestWorkspace.in(temp)
            .write("BUILD", "files(name = 'readme', sources = ['BUILD'])\n")
            .write(
                "app/BUILD", "[files(name = n, sources = ['BUILD']) for n in ['one', 'other']]\n")
            .write("app/deep/BUILD", "")
            .write("broken/BUILD", "nonsense(")
            .write("no/package/here/BUILD", "");
  }

  private List<String> complete(String... words) {
    String[] line = new String[words.length + 2];
    line[0] = "complete";
    line[1] = "--";
    System.arraycopy(words, 0, line, 2, words.length);
    return workspace.athanor(line).succeeds().out().lines().map(l -> l.split("\t", -1)[0]).toList();
  }

  @Test
  void command() {
    assertThat(complete("bu")).containsExactly("build");
    assertThat(complete("")).containsAtLeast("build", "publish", "help");
    assertThat(complete("")).doesNotContain("complete");
    assertThat(complete("--json", "-j", "2", "ver")).containsExactly("verify", "version");
    assertThat(complete("help", "wa")).containsExactly("watch");
    assertThat(complete("-C", "build", "te")).containsExactly("test");
    assertThat(complete("image", "in")).containsExactly("inspect");
    assertThat(complete("completion", "")).containsExactly("bash", "zsh", "fish");
  }

  @Test
  void flag() {
    assertThat(complete("build", "--kee")).containsExactly("--keep-going", "--keep-sandbox");
    assertThat(complete("--jo")).containsExactly("--jobs=");
    assertThat(complete("query", "--ord")).containsExactly("--order=");
    assertThat(complete("build", "--ord")).isEmpty();
  }

  @Test
  void valueOfFlag_isAFile() {
    assertThat(complete("build", "-C", "")).containsExactly("<file>");
    assertThat(complete("build", "--profile=")).containsExactly("<file>");
    assertThat(complete("run", "//:x", "--", "")).containsExactly("<file>");
  }

  @Test
  void label() {
    assertThat(complete("build", "//app:o")).containsExactly("//app:one", "//app:other");
    assertThat(complete("build", "//app:one", "//app:ot")).containsExactly("//app:other");
    assertThat(complete("build", ":")).containsExactly(":readme");
    assertThat(complete("build", "")).containsExactly(":readme", "//");
    assertThat(complete("build", "//"))
        .containsExactly("//:", "//app:", "//app/", "//broken:", "//no/", "//...");
    assertThat(complete("build", "//app/")).containsExactly("//app/deep:", "//app/...");
    assertThat(complete("build", "-C", workspace.root + "/app", ":on")).containsExactly(":one");
  }

  @Test
  void whatIsBroken_hasNoCandidates_andNoErrors() {
    assertThat(complete("build", "//broken:")).containsExactly("<file>");
    assertThat(complete("build", "//nowhere/")).containsExactly("//nowhere/...");
    assertThat(complete("nonsense", "")).contains("build");
    CliResult outside = workspace.athanorIn("..", "complete", "--", "build", "//").succeeds();
    assertThat(outside.err()).isEmpty();
  }

  /// `athanor` as a program on the path of a shell.
  private Map<String, String> path() {
    StringBuilder line = new StringBuilder("#!/bin/sh\nexec");
    TestWorkspace.java().forEach(word -> line.append(" '").append(word).append('\''));
    workspace.program("bin/athanor", line + " \"$@\"\n");
    return Map.of(
        "PATH",
        workspace.root.resolve("bin") + ":" + System.getenv("PATH"),
        "HOME",
        temp.toString(),
        "ATHANOR_CACHE_DIR",
        workspace.cache.toString());
  }

  private List<String> inShell(String... command) {
    return Programs.run(workspace.root, path(), List.of(command)).succeeds().out().lines().toList();
  }

  @Test
  void bash() {
    String script =
        """
        source <(athanor completion bash)
        try() { COMP_LINE=$1 COMP_POINT=${#1}; _athanor 2>/dev/null; printf '%s\\n' "${COMPREPLY[@]}"; }
        try 'athanor bui'
        try 'athanor build //app:o'
        try 'athanor build --keep-s'
        try 'athanor build '
        """;

    assertThat(inShell("bash", "-uc", script))
        .containsExactly("build", "one", "other", "--keep-sandbox", ":readme", "//")
        .inOrder();
  }

  @Test
  void zsh() {
    Peers.requireTools("zsh");
    // A terminal, since completion is part of the line editor.
    String script =
        """
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell 'PS1=; autoload -Uz compinit; compinit -u; source <(athanor completion zsh); echo "re"ady'
        zpty -r -m shell out '*ready*'
        zpty -n -w shell $'athanor build //app:ot\\t'
        zpty -r -m shell out '*:ot*her*'
        print -r -- seen
        """;

    assertThat(inShell("timeout", "60", "zsh", "-fc", script)).containsExactly("seen");
  }

  @Test
  void fish() {
    Peers.requireTools("fish");

    String line = "athanor completion fish | source; complete -C 'athanor ";
    assertThat(inShell("fish", "-c", line + "build //app:o'"))
        .containsExactly("//app:one", "//app:other");
    assertThat(inShell("fish", "-c", line + "publ'").getFirst()).startsWith("publish\tBuilds");
  }
}
