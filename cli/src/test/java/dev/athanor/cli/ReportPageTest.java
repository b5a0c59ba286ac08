package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page about a build, as a browser shows it.
final class ReportPageTest {
  private static final List<String> VIEWS =
      List.of("overview", "timeline", "graph", "why", "images", "actions");

  /// How long a page may take until it shows a view. Far more than it does.
  private static final int READY_MILLIS = 5000;

  private static final Pattern ATTRIBUTE = Pattern.compile("data-([a-z-]+)=\"([^\"]*)\"");

  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    Peers.requireTools("chromium");
    workspace = TestWorkspace.in(temp);
  }

  /// The page as it stands when it has run its scripts. Through a file: pages are long.
  private String open(String page, String fragment) throws IOException {
    Path dom = temp.resolve("dom.html");
    var _ =
        Programs.run(
                temp,
                Map.of("HOME", temp.toString()),
                List.of(
                    "timeout",
                    "60",
                    "/bin/sh",
                    "-c",
                    "exec \"$@\" >" + dom + " 2>/dev/null",
                    "sh",
                    "chromium",
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--user-data-dir=" + temp.resolve("browser"),
                    "--window-size=1400,900",
                    "--dump-dom",
                    workspace.root.resolve(page).toUri() + "#" + fragment))
            .succeeds();
    return Files.readString(dom);
  }

  /// Opens a view, and holds that it is shown in time and without an error.
  private String show(String page, String fragment) throws IOException {
    String dom = open(page, fragment);
    String root = dom.substring(dom.indexOf("<html"), dom.indexOf('>', dom.indexOf("<html")));
    assertThat(root).contains("data-ready=\"true\"");
    assertThat(root).doesNotContain("data-errors");
    String view = fragment.split("[=&]", -1)[0];
    Matcher attributes = ATTRIBUTE.matcher(root);
    while (attributes.find()) {
      switch (attributes.group(1)) {
        case "view" -> assertThat(attributes.group(2)).isEqualTo(view);
        case "ready-ms" ->
            assertThat(Integer.parseInt(attributes.group(2))).isLessThan(READY_MILLIS);
        default -> {}
      }
    }
    return dom;
  }

  @Test
  void everyView_isShown() throws IOException {
    workspace
        .write("code.c", "# a comment\ncode\n")
        .write(
            "BUILD",
            """
            genrule(name = "strip", srcs = ["code.c"], outs = ["strip.c"],
                    cmd = "grep -v '^#' $< > $@")
            genrule(name = "obj", srcs = [":strip"], outs = ["obj.o"], cmd = "cat $< > $@")
            genrule(name = "bad", srcs = ["code.c"], outs = ["bad.o"], cmd = "echo trouble; exit 1")
            oci_build_image(name = "app", base = "scratch", packages = [":obj"])
            """);
    workspace.athanor("build", "-k", "//...").fails(ExitCode.BUILD_FAILED);
    workspace.write("code.c", "# another comment\ncode\n");
    workspace.athanor("build", "-k", "//...", "--report=r.html").fails(ExitCode.BUILD_FAILED);

    for (String view : VIEWS) {
      assertThat(show("r.html", view)).contains("id=\"view-" + view + "\"");
    }
    assertThat(show("r.html", "overview")).contains("1 action failed");
    assertThat(show("r.html", "why")).contains("the wave stopped here");
    assertThat(show("r.html", "images")).contains("Layer 1");
    assertThat(show("r.html", "graph=around:0&action=0")).contains("Needed by");
    assertThat(show("r.html", "graph=in://%3A")).contains("<canvas");
    assertThat(show("r.html", "timeline=&action=0")).contains("<canvas");
  }

  /// From a broken BUILD file, where there is no plan, to a build with nothing to do.
  @Test
  void emptyViews_sayWhy() throws IOException, InterruptedException {
    workspace.write("BUILD", "nonsense(\n");
    workspace.athanor("build", "//...", "--report=r.html").fails(ExitCode.BAD_INPUT);
    for (String view : List.of("timeline", "graph", "why", "images", "actions")) {
      assertThat(show("r.html", view)).contains("class=\"empty\"");
    }

    workspace.write("BUILD", "genrule(name = 'a', outs = ['a'], cmd = 'echo > $@')\n");
    workspace.athanor("build", "//...").succeeds();
    Thread.sleep(100);
    workspace.athanor("build", "//...").succeeds();
    workspace.athanor("build", "//...", "--report=r.html").succeeds();
    assertThat(show("r.html", "timeline")).contains("everything was up to date");
    assertThat(show("r.html", "overview")).contains("Everything was up to date");
    assertThat(show("r.html", "why")).contains("Nothing changed since the build before");
  }

  /// Names and messages are text, whatever they look like.
  @Test
  void hostileNames_becomeNoMarkup() throws IOException {
    String hostile = "<img src=x onerror=document.documentElement.dataset.errors=1>\"'&";
    Files.createDirectories(workspace.root.resolve("d"));
    workspace
        .write("d/" + hostile, "x".repeat(2000))
        .write("d/{{style}}$1", "place\n")
        .write(
            "BUILD",
            """
            files(name = "files", sources = glob(["d/*"]))
            genrule(name = "tree", srcs = glob(["d/*"]), outs = ["t"], cmd = "echo > $@")
            genrule(name = "bad", srcs = glob(["d/*"]), outs = ["bad"],
                    cmd = "echo '</script><script>document.documentElement.dataset.errors=2</script><!--' >&2; exit 1")
            oci_build_image(name = "app", base = "scratch", packages = [":files"],
                            labels = {"</script>": "<b>"})
            """);
    workspace.athanor("build", "-k", "//...", "--report=r.html").fails(ExitCode.BUILD_FAILED);

    String page = workspace.read("r.html");
    assertThat(page.split("<script", -1)).hasLength(3);
    assertThat(page).doesNotContain("<img");
    for (String view : List.of("overview", "why", "images", "actions", "graph=around:0&action=0")) {
      String dom = show("r.html", view);
      assertThat(dom).doesNotContain("<img");
      assertThat(dom.split("<script", -1)).hasLength(3);
    }
    assertThat(show("r.html", "images")).contains("&lt;img src=x");
  }

  @Test
  void tenThousandActions_areShownInTime() throws IOException {
    workspace.write(
        "defs.bzl",
        """
        def _step(ctx):
            out = ctx.actions.declare_file(ctx.label.name + ".txt")
            if ctx.attr.src:
                ctx.actions.symlink(output = out, target_file = ctx.files.src[0])
            else:
                ctx.actions.write(out, ctx.label.name)
            return [DefaultInfo(files = depset([out]))]

        step = rule(implementation = _step, attrs = {"src": attr.label(allow_files = True)})
        """);
    for (int pkg = 0; pkg < 100; pkg++) {
      StringBuilder build = new StringBuilder("load('//:defs.bzl', 'step')\n");
      for (int i = 0; i < 100; i++) {
        String on = i == 0 ? pkg == 0 ? "" : "//p" + pkg / 3 + ":t99" : ":t" + i / 2;
        build.append(
            "step(name = 't%d'%s)\n".formatted(i, on.isEmpty() ? "" : ", src = '" + on + "'"));
      }
      workspace.write("p" + pkg + "/BUILD", build.toString());
    }
    workspace.write("BUILD", "");
    workspace.athanor("build", "//...").succeeds();
    workspace.athanor("report", "--output=r.html").succeeds();

    assertThat(Files.size(workspace.root.resolve("r.html"))).isLessThan(3_000_000L);
    for (String view : VIEWS) {
      var _ = show("r.html", view);
    }
    var _ = show("r.html", "graph=actions");
    var _ = show("r.html", "graph=targets");
    assertThat(show("r.html", "graph=around:5000&action=5000")).contains("Depends on");
    assertThat(show("r.html", "actions")).contains("Actions (10");
  }
}
