package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rules, macros and settings that users write, through the real command line.
class LanguageTest {
  @TempDir private Path folder;
  private TestWorkspace workspace;

  @BeforeEach
  void open() {
    workspace =
        TestWorkspace.in(folder)
            .write(
                "rules.bzl",
                """
                def _shout_impl(ctx):
                    out = ctx.actions.declare_file(ctx.label.name + ".txt")
                    ctx.actions.run_shell(
                        outputs = [out],
                        inputs = ctx.files.srcs,
                        command = 'cat "$@" | tr a-z A-Z > %s' % out.path,
                        arguments = [f.path for f in ctx.files.srcs],
                        mnemonic = "Shout",
                    )
                    return [DefaultInfo(files = depset([out]))]

                shout = rule(implementation = _shout_impl, attrs = {"srcs": attr.label_list()})

                def shouts(name, texts):
                    for key, text in texts.items():
                        native.genrule(name = key + "_text", outs = [key], cmd = "echo %s > $@" % text)
                        shout(name = key + "_shout", srcs = [":" + key])
                    native.filegroup(name = name, srcs = [":%s_shout" % key for key in texts])

                def _derived_impl(ctx):
                    base = ctx.attr.base[OciImageInfo]
                    return [OciImageInfo(image = base.image, layers = base.layers, rootfs = base.rootfs)]

                same_image = rule(implementation = _derived_impl, attrs = {"base": attr.label(providers = [OciImageInfo])})
                """);
  }

  @Test
  void print_tellsTheUser_whereverItIsCalled() {
    workspace
        .write(
            "say.bzl",
            """
            print("loading", 1)
            def _impl(ctx):
                print("analysing", ctx.label)
                return []
            say = rule(implementation = _impl)
            """)
        .write("BUILD", "load('//:say.bzl', 'say')\nprint('in a package')\nsay(name = 'x')\n");

    workspace
        .athanor("build", "//:x")
        .succeeds()
        .says("say.bzl:1:1: loading 1", "BUILD:2:1: in a package", "say.bzl:3:5: analysing //:x");
  }

  @Test
  void macroAndRule_makeTheirFiles() {
    workspace.write(
        "BUILD",
        """
        load("//:rules.bzl", "shouts")
        shouts(name = "all_of_them", texts = {"one": "hello", "two": "bye"})
        """);

    workspace.athanor("build", "//:all_of_them").succeeds();

    assertThat(workspace.read("athanor-out/one_shout.txt")).isEqualTo("HELLO\n");
    assertThat(workspace.read("athanor-out/two_shout.txt")).isEqualTo("BYE\n");
  }

  @Test
  void userRule_takesAndMakesImages() {
    workspace.write(
        "BUILD",
        """
        load("//:rules.bzl", "same_image")
        files(name = "data", sources = ["rules.bzl"])
        oci_build_image(name = "first", base = "scratch", packages = [":data"])
        same_image(name = "between", base = ":first")
        oci_build_image(name = "second", base = ":between", labels = {"a": "b"})
        """);

    JsonObject result = workspace.athanor("build", "--json", "//:second").succeeds().json();

    assertThat(result.toString()).contains("sha256:");
  }

  @Test
  void workspaceSettings_andFlags_chooseThePlatform() {
    workspace.write(
        "WORKSPACE",
        """
        workspace(name = "demo")
        platform("arm", architecture = "arm64", default = True)
        platform("intel")
        """);
    workspace.write("BUILD", "oci_image_empty(name = 'image')");

    assertThat(platform("build", "--json", "//:image")).isEqualTo("linux/arm64");
    assertThat(platform("build", "--json", "--platform=intel", "//:image"))
        .isEqualTo("linux/amd64");
    workspace
        .athanor("build", "--platform=mips", "//:image")
        .fails(ExitCode.BAD_INPUT)
        .says("no platform 'mips'", "arm, intel");
    assertThat(workspace.athanor("info").succeeds().out()).contains("demo");
  }

  @Test
  void workspaceFile_withMistakes_saysWhere() {
    workspace.write("WORKSPACE", "registry(name = 'a', mirror = ['b'])");
    workspace.write("BUILD", "");

    workspace
        .athanor("build", "//:empty")
        .fails(ExitCode.BAD_INPUT)
        .says("WORKSPACE:1:1", "did you mean 'mirrors'?");
  }

  @Test
  void doctor_findsNothingOpenInTheBestSandbox() {
    JsonObject result = workspace.athanor("doctor", "--json").succeeds().json();

    if (result.get("hermetic").getAsBoolean()) {
      assertThat(result.toString()).doesNotContain("\"OPEN\"");
    } else {
      assertThat(result.toString()).contains("\"OPEN\"");
    }
  }

  private String platform(String... words) {
    return workspace
        .athanor(words)
        .succeeds()
        .json()
        .getAsJsonArray("targets")
        .get(0)
        .getAsJsonObject()
        .getAsJsonObject("image")
        .get("platform")
        .getAsString();
  }
}
