package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.oci.layer.Peers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/// `athanor verify`, but for what it finds: see [VerifyCorpusTest].
final class VerifyTest {
  private static final String CLEAN =
      "genrule(name = 'clean', outs = ['clean.txt'], cmd = 'echo clean > $@')\n";
  private static final String FLAWED =
      "genrule(name = 'flawed', outs = ['flawed.txt'], cmd = 'echo \"<b>&\" $$HOME > $@')\n";

  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace = TestWorkspace.in(temp);
  }

  private static JsonObject only(CliResult result) {
    JsonArray actions = result.json().getAsJsonArray("actions");
    assertThat(actions).hasSize(1);
    return actions.get(0).getAsJsonObject();
  }

  @Test
  void whatIsDeterministic_isRunOnceMore_andThenKnown() {
    workspace.write("BUILD", CLEAN);

    JsonObject first = only(workspace.athanor("verify", "--json", "//...").succeeds());
    JsonObject second = only(workspace.athanor("verify", "--json", "//...").succeeds());
    JsonObject again = only(workspace.athanor("verify", "--again", "--json", "//...").succeeds());

    assertThat(first.get("verdict").getAsString()).isEqualTo("deterministic");
    assertThat(first.get("runs").getAsInt()).isEqualTo(1);
    assertThat(second.get("known").getAsBoolean()).isTrue();
    assertThat(second.get("runs").getAsInt()).isEqualTo(0);
    assertThat(again.get("runs").getAsInt()).isEqualTo(1);
  }

  @Test
  void whatIsKnownForSomeFactors_isLookedAtForOthers() {
    workspace.write("BUILD", FLAWED);

    workspace.athanor("verify", "--vary=time-zone", "//...").succeeds();
    JsonObject known =
        only(workspace.athanor("verify", "--json", "--vary=time-zone", "//...").succeeds());
    assertThat(known.get("known").getAsBoolean()).isTrue();
    workspace.athanor("verify", "//...").fails(ExitCode.NOT_DETERMINISTIC);
    workspace.athanor("verify", "--vary=-home", "//...").succeeds();
  }

  @Test
  void whatChanges_isLookedAtAgain() {
    workspace.write("BUILD", CLEAN);
    workspace.athanor("verify", "//...").succeeds();

    workspace.write("BUILD", CLEAN.replace("echo clean", "echo cleaner"));

    JsonObject changed = only(workspace.athanor("verify", "--json", "//...").succeeds());
    assertThat(changed.get("runs").getAsInt()).isEqualTo(1);
  }

  @Test
  void finding_isTold_withCauseDifferenceAndHint() {
    workspace.write("BUILD", CLEAN + FLAWED);

    CliResult result = workspace.athanor("verify", "//...").fails(ExitCode.NOT_DETERMINISTIC);

    assertThat(result.out())
        .contains(
            """
            not deterministic: genrule //:flawed (out/flawed.txt)
              depends on $HOME
            """);
    assertThat(result.out()).contains("<b>& /nonexistent → <b>& /home/somebody-else");
    assertThat(result.out()).contains("hint: set HOME in env");
    assertThat(result.out()).contains("2 actions: 1 deterministic, 1 not deterministic");
  }

  @Test
  void mended_isDeterministic() {
    workspace.write("BUILD", FLAWED);
    workspace.athanor("verify", "//...").fails(ExitCode.NOT_DETERMINISTIC);

    workspace.write("BUILD", FLAWED.replace(")\n", ", env = {'HOME': '/home/me'})\n"));

    workspace.athanor("verify", "//...").succeeds();
  }

  @Test
  void reports_areWellFormed() throws Exception {
    workspace.write("BUILD", CLEAN + FLAWED);

    workspace
        .athanor("verify", "--junit=verify.xml", "--html=verify.html", "//...")
        .fails(ExitCode.NOT_DETERMINISTIC);

    Document xml =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new ByteArrayInputStream(
                    workspace.read("verify.xml").getBytes(StandardCharsets.UTF_8)));
    Element suite = (Element) xml.getElementsByTagName("testsuite").item(0);
    assertThat(suite.getAttribute("tests")).isEqualTo("2");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    Element failure = (Element) xml.getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("message")).isEqualTo("depends on $HOME");
    String page = workspace.read("verify.html");
    assertThat(page).contains("&lt;b&gt;&amp; /home/somebody-else");
    assertThat(page).doesNotContain("<b>");
    assertThat(page).contains("title=\"depends on it\"");
  }

  @Test
  void weakSandbox_saysWhatItDoesNotVary() {
    workspace.write("BUILD", CLEAN);

    CliResult result = workspace.athanor("verify", "--sandbox=plain", "//...").succeeds();
    JsonObject action =
        only(workspace.athanor("verify", "--sandbox=plain", "--json", "//...").succeeds());

    assertThat(result.out()).contains("not varied, because the sandbox cannot: time (1 action)");
    assertThat(action.getAsJsonArray("notVaried").toString()).contains("\"time\"");
    assertThat(action.getAsJsonArray("varied").toString()).doesNotContain("\"time\"");
    // What a better sandbox can vary is not taken for known.
    assertThat(
            only(workspace.athanor("verify", "--json", "//...").succeeds()).get("runs").getAsInt())
        .isEqualTo(1);
  }

  @Test
  void changed_looksOnlyAtWhatRuns() {
    workspace.write("BUILD", CLEAN);
    workspace.athanor("build", "//...").succeeds();
    workspace.write("BUILD", CLEAN + FLAWED);

    JsonObject action =
        only(
            workspace
                .athanor("verify", "--changed", "--json", "//...")
                .fails(ExitCode.NOT_DETERMINISTIC));

    assertThat(action.get("label").getAsString()).isEqualTo("//:flawed");
  }

  @Test
  void sample_looksAtAPart_andTheNextOneAtOthers() {
    StringBuilder rules = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      rules.append(CLEAN.replace("clean", "clean" + i));
    }
    workspace.write("BUILD", rules.toString());

    CliResult half =
        workspace.athanor("verify", "--sample=50%", "--sample-seed=1", "//...").succeeds();
    assertThat(half.out()).containsMatch("40 actions: (1[2-9]|2[0-8]) deterministic, ");
    CliResult same =
        workspace.athanor("verify", "--sample=50", "--sample-seed=1", "//...").succeeds();
    assertThat(same.out()).containsMatch("40 actions: (\\d+) deterministic \\(\\1 known\\), ");
    CliResult other =
        workspace.athanor("verify", "--sample=50", "--sample-seed=2", "//...").succeeds();
    assertThat(other.out()).containsMatch("40 actions: (2[5-9]|3\\d) deterministic ");
  }

  @Test
  void badFlags_areTold() {
    workspace.write("BUILD", CLEAN);

    workspace
        .athanor("verify", "--vary=wheather", "//...")
        .fails(ExitCode.BAD_INPUT)
        .says("--vary knows no 'wheather'", "time-zone");
    workspace
        .athanor("verify", "--vary=time,-time", "//...")
        .fails(ExitCode.BAD_INPUT)
        .says("leaves nothing to vary");
    workspace
        .athanor("verify", "--sample=0", "//...")
        .fails(ExitCode.BAD_INPUT)
        .says("--sample wants a percentage between 0 and 100, not '0'");
  }

  @Test
  void failingBuild_isAFailingBuild() {
    workspace.write("BUILD", FLAWED + "genrule(name = 'broken', outs = ['b'], cmd = 'exit 3')\n");

    CliResult result =
        workspace
            .athanor("verify", "-k", "--json", "--junit=verify.xml", "//...")
            .fails(ExitCode.BUILD_FAILED)
            .says("exit code 3");

    assertThat(result.json().get("deterministic").getAsBoolean()).isFalse();
    assertThat(workspace.read("verify.xml")).contains("errors=\"1\"");
  }

  @Test
  void networkCommand_isNotVerified() {
    workspace.write("BUILD", CLEAN.replace(")\n", ", network = True)\n"));

    JsonObject action = only(workspace.athanor("verify", "--json", "//...").succeeds());

    assertThat(action.get("verdict").getAsString()).isEqualTo("not verified");
    assertThat(action.get("reason").getAsString()).contains("network");
  }

  @Test
  void whatIsToBeVaried_andCannotBe_isNotVerified() {
    workspace.write("BUILD", CLEAN);

    JsonObject action =
        only(workspace.athanor("verify", "--json", "--vary=threads", "//...").succeeds());

    assertThat(action.get("verdict").getAsString()).isEqualTo("not verified");
  }

  @Test
  void image_withACommandThatIsNotDeterministic() {
    workspace.write(
        "BUILD",
        """
        genrule(
            name = "shell",
            outs = ["bin/sh", "bin/date", "lib64/ld-linux-x86-64.so.2", "lib/x86_64-linux-gnu/libc.so.6"],
            cmd = "for out in $(OUTS); do cp -L /$${out#out/} $$out; chmod 755 $$out; done",
        )
        oci_build_image(name = "base", base = "scratch", packages = [":shell"])
        oci_build_image(name = "clean", base = ":base", commands = ["echo built > /built"])
        oci_build_image(name = "flawed", base = ":base", commands = ["date -u > /built"])
        """);

    CliResult clean = workspace.athanor("verify", "--json", "//:clean").succeeds();
    CliResult flawed = workspace.athanor("verify", "//:flawed").fails(ExitCode.NOT_DETERMINISTIC);

    assertThat(clean.json().getAsJsonArray("actions").toString()).contains("threads");
    assertThat(flawed.out()).contains("not deterministic: run //:flawed");
    assertThat(flawed.out()).contains("depends on the time\n");
    assertThat(flawed.out()).containsMatch("built › line 1: .*2037");
  }

  /// What Athanor does itself.
  @Test
  void everyKindOfBuiltIn_isDeterministic() throws IOException {
    Peers.requireTools("busybox");
    Programs.shell(
        temp, "mkdir old && echo old > old/f && tar -C old --mtime=@0 -cf workspace/old.tar f");
    workspace.write("app/a.txt", "a\n".repeat(100_000)).write("app/b.txt", "b\n");
    workspace.write(
        "BUILD",
        """
        genrule(
            name = "shell",
            outs = ["bin/" + name for name in ["sh", "cat", "mkdir", "rm"]],
            cmd = "for out in $(OUTS); do cp /bin/busybox $$out; chmod 755 $$out; done",
        )
        files(name = "texts", sources = glob(["app/*.txt"]))
        oci_layer(name = "layer", packages = [":texts"])
        oci_build_image(name = "base", base = "scratch", packages = [":shell"], compression = "zstd")
        oci_build_layer(
            name = "made", base = ":base", packages = [":texts"], commands = ["mkdir /out && cat /app/*.txt > /out/all"], outputs = ["/out"],
        )
        oci_extract(name = "part", base = ":base", outputs = ["/bin/sh"])
        oci_build_image(
            name = "image",
            base = ":base",
            layers = [":layer", ":made", ":part"],
            tars = ["old.tar"],
            packages = [":texts"],
            commands = ["mkdir /made && cat /app/*.txt > /made/all", "rm /app/a.txt"],
            platforms = ["linux/amd64", "linux/arm64"],
            env = ["GREETING=hello"],
        )
        genrule(name = "seen", outs = ["seen.txt"], image = ":base", cmd = "cat /bin/sh > $@")
        """);

    CliResult verified = workspace.athanor("verify", "--json", "//...").succeeds();

    Set<String> kinds = new TreeSet<>();
    for (JsonElement action : verified.json().getAsJsonArray("actions")) {
      JsonObject it = action.getAsJsonObject();
      assertThat(it.get("verdict").getAsString()).isEqualTo("deterministic");
      kinds.add(it.get("action").getAsString().split(" ", -1)[0]);
    }
    assertThat(kinds)
        .containsAtLeast(
            "add-layer",
            "config",
            "describe",
            "extract",
            "genrule",
            "index",
            "layout",
            "repack",
            "run",
            "unpack");
  }

  @Test
  void shareOnlyVerified_uploadsWhatIsVerified_andNothingElse() throws IOException {
    workspace.write("BUILD", CLEAN + FLAWED);
    try (DumbCache cache = DumbCache.start()) {
      List<String> sharing =
          List.of("--remote-cache=" + cache.url(), "--remote-upload", "--share-only-verified");

      build("build", sharing).succeeds();
      assertThat(cache.results()).isEmpty();
      build("verify", sharing).fails(ExitCode.NOT_DETERMINISTIC);
      assertThat(cache.results()).hasSize(1);
    }
  }

  @Test
  void shareOnlyVerified_wantsEverythingVerified_andCatchesUp() throws IOException {
    workspace.write("BUILD", CLEAN);
    try (DumbCache cache = DumbCache.start()) {
      List<String> sharing =
          List.of("--remote-cache=" + cache.url(), "--remote-upload", "--share-only-verified");
      List<String> little = new ArrayList<>(sharing);
      little.add("--vary=home");

      build("verify", little).succeeds();
      assertThat(cache.results()).isEmpty();
      // Without sharing, the rest is found out.
      build("verify", List.of()).succeeds();
      assertThat(cache.results()).isEmpty();
      build("verify", sharing).succeeds();
      assertThat(cache.results()).hasSize(1);
    }
  }

  private CliResult build(String command, List<String> flags) {
    List<String> words = new ArrayList<>(List.of(command, "//..."));
    words.addAll(flags);
    return workspace.athanor(words.toArray(String[]::new));
  }

  @Test
  void nothingIsLeftBehind() {
    workspace.write("BUILD", CLEAN + FLAWED);
    workspace.athanor("verify", "//...").fails(ExitCode.NOT_DETERMINISTIC);

    assertThat(
            Files.exists(workspace.cache.resolve("sandbox/verify"))
                ? TestWorkspace.files(workspace.cache.resolve("sandbox/verify"))
                : List.of())
        .isEmpty();
  }
}
