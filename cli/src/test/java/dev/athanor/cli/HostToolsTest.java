package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.athanor.oci.rootfs.DeleteTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What commands see of the host.
final class HostToolsTest {
  @TempDir Path temp;
  private Path host = Path.of("/nonexistent");
  private TestWorkspace workspace = TestWorkspace.in(Path.of("/nonexistent"));
  private Path tool = Path.of("/nonexistent");

  @BeforeEach
  void create() throws IOException {
    workspace = TestWorkspace.in(temp);
    // Not below /tmp, of which every sandbox has its own.
    host = Files.createTempDirectory(Path.of("/var/tmp"), "athanor-test");
    Path opt = Files.createDirectories(host.resolve("opt/tool"));
    tool = opt.resolve("bin");
    Files.createDirectory(tool);
    say("hello");
    Files.createSymbolicLink(opt.resolve("link"), tool);
    Files.writeString(opt.resolve("other"), "not declared");
  }

  @AfterEach
  void delete() throws IOException {
    DeleteTree.delete(host);
  }

  private void say(String text) throws IOException {
    Path program = tool.resolve("say");
    Files.writeString(program, "#!/bin/sh\necho " + text + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private TestWorkspace declare(String path, String command) {
    return workspace.write(
        "BUILD",
        """
        host_tools(name = "tools", paths = ["%s"])
        genrule(name = "said", outs = ["said.txt"], image = ":tools", cmd = \"\"\"%s\"\"\")
        """
            .formatted(path, command));
  }

  @Test
  void declaredTool_isSeen_andItsContentCounts() throws IOException {
    declare(
        tool.toString(),
        tool + "/say > $@; cat " + tool.resolveSibling("other") + " >> $@ || true");

    workspace.athanor("build", "//:said").succeeds();
    assertThat(workspace.read("athanor-out/said.txt")).isEqualTo("hello\n");
    workspace.athanor("build", "//:said").succeeds();
    assertThat(workspace.athanor("build", "//:said").ran()).doesNotContain("genrule //:said");

    say("goodbye");
    assertThat(workspace.athanor("build", "//:said").succeeds().ran()).contains("genrule //:said");
    assertThat(workspace.read("athanor-out/said.txt")).isEqualTo("goodbye\n");
    workspace.athanor("why", "//:said").succeeds();

    say("hello");
    assertThat(workspace.athanor("build", "//:said").succeeds().ran())
        .doesNotContain("genrule //:said");
    assertThat(workspace.read("athanor-out/said.txt")).isEqualTo("hello\n");
  }

  @Test
  void declaredLink_isSeenWithWhatItLeadsTo() throws IOException {
    Path link = tool.resolveSibling("link");
    declare(link.toString(), link + "/say > $@");
    workspace.athanor("build", "//:said").succeeds();

    say("more");

    workspace.athanor("build", "//:said").succeeds();
    assertThat(workspace.read("athanor-out/said.txt")).isEqualTo("more\n");
  }

  @Test
  void onlyDeclaredFiles_areThere_withoutTheSystem() throws IOException {
    assumeTrue(
        Files.exists(Path.of("/bin/busybox")) || System.getenv("ATHANOR_REQUIRE_PEERS") != null,
        "busybox is not installed");
    Path shell = Files.copy(Path.of("/bin/busybox"), tool.resolve("busybox"));
    workspace
        .write(
            "rules.bzl",
            """
            def _list(ctx):
                out = ctx.actions.declare_file("list.txt")
                ctx.actions.run(
                    outputs = [out],
                    executable = "%s",
                    arguments = ["sh", "-c", "%s ls -d /* > $0", out],
                    image = ctx.attr.root,
                )
                return [DefaultInfo(files = depset([out]))]

            list_root = rule(implementation = _list, attrs = {"root": attr.label()})
            """
                .formatted(shell, shell))
        .write(
            "BUILD",
            """
            load("//:rules.bzl", "list_root")
            host_tools(name = "tools", paths = ["%s"], system = False)
            list_root(name = "list", root = ":tools")
            """
                .formatted(shell));

    workspace.athanor("build", "//:list").succeeds();

    assertThat(workspace.read("athanor-out/list.txt")).doesNotContain("/usr");
    assertThat(workspace.read("athanor-out/list.txt")).contains("/build\n/dev\n");
  }

  @Test
  void whatNobodyInstalled_isNotSeen() {
    workspace.write(
        "BUILD",
        """
        genrule(
            name = "look",
            outs = ["look.txt"],
            cmd = "ls -d /usr/local /opt /home /root /var /mnt /etc/passwd /etc/hostname > $@ 2>/dev/null || true",
        )
        """);

    workspace.athanor("build", "//:look").succeeds();

    // The file of users is the sandbox's own.
    assertThat(workspace.read("athanor-out/look.txt")).isEqualTo("/etc/passwd\n");
  }

  @Test
  void mistakes_areToldWithWhatToDo() {
    declare("opt/tool", "true");
    workspace
        .athanor("build", "//:said")
        .fails(ExitCode.BAD_INPUT)
        .says("'opt/tool'", "absolute path");
    declare("/tmp", "true");
    workspace
        .athanor("build", "//:said")
        .fails(ExitCode.BAD_INPUT)
        .says("names /tmp", "its own /tmp");
    declare("/home", "true");
    workspace.athanor("build", "//:said").fails(ExitCode.BAD_INPUT).says("too much");
    declare("/opt/nowhere/at-all", "true");
    workspace
        .athanor("build", "//:said")
        .fails(ExitCode.BUILD_FAILED)
        .says("this host has no /opt/nowhere/at-all", "'paths'");
  }
}
