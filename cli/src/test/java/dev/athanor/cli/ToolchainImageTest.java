package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.layer.Peers;
import dev.athanor.oci.rootfs.DeleteTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A C program compiled by the compiler of an image, on machines that have little in common.
final class ToolchainImageTest {
  @TempDir static Path temp;
  private static DockerRegistry registry;
  private static String digest = "";

  @BeforeAll
  static void publish() throws IOException, InterruptedException {
    Peers.requireRoot();
    Peers.requireTools("debootstrap", "umoci", "skopeo", "docker-registry", "unshare", "bwrap");
    registry = DockerRegistry.start(temp.resolve("registry"));
    digest =
        Programs.shell(
                temp,
                """
                skopeo copy -q --dest-tls-verify=false '%1$s' docker://%2$s/gcc:1
                skopeo inspect --tls-verify=false --format '{{.Digest}}' docker://%2$s/gcc:1
                """
                    .formatted(DebianBase.toolchain(temp.resolve("base")), registry.host()))
            .strip()
            .substring("sha256:".length());
  }

  @AfterAll
  static void stop() throws IOException {
    if (registry != null) {
      registry.close();
    }
    // The framework would warn of each link of the unpacked system.
    DeleteTree.delete(temp);
  }

  private static TestWorkspace workspace(String name) {
    return TestWorkspace.in(temp.resolve(name))
        .write(
            "BUILD",
            """
            oci_pull_image(name = "gcc", repository = "%s/gcc", sha = "%s")
            genrule(
                name = "hello",
                srcs = ["hello.c", "hello.h"],
                outs = ["hello", "hello.o"],
                image = ":gcc",
                executable = True,
                cmd = "gcc -g -O2 -c hello.c -o $(RULEDIR)/hello.o && gcc $(RULEDIR)/hello.o -o $(RULEDIR)/hello",
            )
            genrule(name = "said", srcs = [":hello"], outs = ["said.txt"], image = ":gcc", cmd = "$(RULEDIR)/hello > $@")
            """
                .formatted(registry.host(), digest))
        .write("hello.h", "#define WHO \"world\"\n")
        .write(
            "hello.c",
            """
            #include <assert.h>
            #include <stdio.h>
            #include "hello.h"
            int main(int argc, char **argv) {
              assert(argc == 1);
              printf("hello %s from %s, %s\\n", WHO, __FILE__, argv[0]);
              return 0;
            }
            """);
  }

  @Test
  void program_isTheSame_onAnyMachine() throws IOException {
    Set<String> programs = new TreeSet<>();
    Set<String> objects = new TreeSet<>();
    String[] machines = {
      // Whoever runs this.
      "true",
      // Elsewhere, by other means, with another sandbox.
      "export TZ=Asia/Tokyo LANG=C HOME=/tmp USER=somebody CC=clang CFLAGS=-O0; umask 077; "
          + "hostname elsewhere; set -- \"$@\" --sandbox=bwrap",
      "export TZ=America/Lima LC_ALL=C PATH=/bin:/usr/bin LD_PRELOAD= SOURCE_DATE_EPOCH=1; umask 000; "
          + "hostname third; set -- \"$@\" --sandbox=unshare --jobs=1",
    };
    for (int i = 0; i < machines.length; i++) {
      TestWorkspace workspace = workspace("machine" + "/deeper".repeat(i) + i);
      workspace
          .process(
              "exec unshare --uts sh -c '" + machines[i] + "; exec \"$@\"' sh \"$@\"",
              "build",
              "//:said",
              "//:hello")
          .succeeds();
      assertThat(workspace.read("athanor-out/said.txt"))
          .isEqualTo("hello world from hello.c, out/hello\n");
      programs.add(digest(workspace.root.resolve("athanor-out/hello")));
      objects.add(digest(workspace.root.resolve("athanor-out/hello.o")));
    }

    assertThat(objects).hasSize(1);
    assertThat(programs).hasSize(1);
  }

  private static String digest(Path file) throws IOException {
    return Digester.digest(Files.readAllBytes(file)).hex();
  }

  @Test
  void image_isTheWholeWorld_andPartOfTheKey() throws IOException {
    TestWorkspace workspace = workspace("world");
    Path secret = Files.writeString(temp.resolve("secret"), "what only the host knows");
    workspace.write(
        "BUILD",
        workspace.read("BUILD")
            + """

            genrule(name = "look", outs = ["look.txt"], image = ":gcc", cmd = "(ls /; cat %s /etc/hostname; id -u; touch /x) > $@ 2>&1 || true")
            """
                .formatted(secret));

    workspace.athanor("build", "//:look").succeeds();

    String seen = workspace.read("athanor-out/look.txt");
    assertThat(seen).doesNotContain("what only the host knows");
    assertThat(seen).contains(secret + ": No such file");
    assertThat(seen).contains("\n1000\n");
    assertThat(seen).contains("Read-only file system");
    assertThat(workspace.athanor("query", "--actions", "//:look").succeeds().out())
        .contains("image ");
  }
}
