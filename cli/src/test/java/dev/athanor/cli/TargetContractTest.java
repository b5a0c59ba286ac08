package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import com.google.gson.JsonObject;
import dev.athanor.oci.registry.FakeRegistry;
import dev.athanor.oci.registry.SampleImage;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every argument and default of the targets that build files of the original plugin use.
final class TargetContractTest {
  @TempDir Path temp;
  private TestWorkspace workspace;
  private FakeRegistry registry;
  private SampleImage slim;
  private SampleImage buster;

  @BeforeEach
  void start() throws IOException {
    workspace = TestWorkspace.in(temp);
    registry = FakeRegistry.start();
    slim = SampleImage.of(1, 100);
    buster = SampleImage.of(2, 200);
    slim.into(registry, "library/python", "slim");
    buster.into(registry, "library/python", "buster");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  /// `REGISTRY`, `SLIM` and `BUSTER` in the text mean what is in the registry.
  private TestWorkspace build(String text) {
    return workspace.write(
        "app/BUILD",
        text.replace("REGISTRY", registry.host())
            .replace("SLIM", slim.manifest().digest().hex())
            .replace("BUSTER", buster.manifest().digest().hex()));
  }

  private CliResult wrong(String text) {
    return build(text).athanor("build", "//...").fails(ExitCode.BAD_INPUT);
  }

  // What all three share.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oci_pull_image(name = 'a', repository = 'REGISTRY/library/python', sha = 'SLIM', %s)",
        "oci_pull_images(name = 'a', repository = 'REGISTRY/library/python', variants = {'s': 'SLIM'}, %s)",
        "oci_build_image(name = 'a', base = 'scratch', %s)",
      })
  void commonArguments(String target) {
    build(target.formatted("description = 'An image.', tags = ['team-a']"))
        .athanor("build", "//...")
        .succeeds();

    wrong(target.formatted("decsription = 'x'"))
        .says("app/BUILD:1:1: oci_", "has no argument 'decsription' (did you mean 'description'?)");
    wrong(target.formatted("tags = 'x'")).says("'tags' must be a list of strings, not a string");
  }

  @Test
  void name_isThatOfTheDirectoryUnlessGiven() {
    build("oci_build_image(base = 'scratch')").athanor("build", "//app:app", "//app").succeeds();

    wrong("oci_build_image(base = 'scratch')\nfilegroup()")
        .says("app/BUILD:2:1: two targets are named 'app'");
    workspace.write("app/BUILD", "").write("BUILD", "filegroup()");
    workspace
        .athanor("build", "//...")
        .fails(ExitCode.BAD_INPUT)
        .says("BUILD:1:1: filegroup needs the argument 'name'");
  }

  // oci_pull_image

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha = 'SLIM'",
        "sha = 'sha256:SLIM'",
        "digest = 'SLIM'",
        "digest = 'sha256:SLIM'",
        "sha = 'SLIM', digest = 'SLIM'",
      })
  void pull_takesTheDigest_underBothNames(String sha) {
    build("oci_pull_image(name = 'a', repository = 'REGISTRY/library/python', %s)".formatted(sha));

    BuiltImage image = workspace.image("//app:a");

    assertThat(image.digest()).isEqualTo("sha256:" + slim.manifest().digest().hex());
  }

  @Test
  void pull_withoutWhatIsRequired_isAnError() {
    wrong("oci_pull_image(name = 'a', sha = 'SLIM')")
        .says("app/BUILD:1:1: oci_pull_image needs the argument 'repository'");
    wrong("oci_pull_image(name = 'a', repository = 'x.y/z')")
        .says("app/BUILD:1:1: //app:a: sha: neither sha nor tag says which image");
  }

  @Test
  void pull_withTwoDigests_isAnError() {
    wrong("oci_pull_image(name = 'a', repository = 'x.y/z', sha = 'SLIM', digest = 'BUSTER')")
        .says("app/BUILD:1:1:", "sha and digest are the same", "different values");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "latest", "sha256:12", "@sha256:SLIM", "SLIMSLIM", "sha512:SLIM"})
  void pull_ofNoDigest_isAnError(String sha) {
    wrong("oci_pull_image(name = 'a', repository = 'x.y/z', sha = '%s')".formatted(sha))
        .says(
            "app/BUILD:1:1: //app:a: sha:", "is not a SHA-256 digest", "64 lower-case hex digits");
  }

  @Test
  void pull_fromNoRepository_isAnError() {
    wrong("oci_pull_image(name = 'a', repository = 'x.y/Z', sha = 'SLIM')")
        .says("app/BUILD:1:1: //app:a: repository:", "x.y/Z");
    wrong("oci_pull_image(name = 'a', repository = 'x.y/z:1', sha = 'SLIM')")
        .says("app/BUILD:1:1: //app:a: repository:", "x.y/z:1");
  }

  @Test
  void pull_withVariants_namesThePlural() {
    wrong("oci_pull_image(name = 'a', repository = 'x.y/z', variants = {'slim': 'SLIM'})")
        .says(
            "app/BUILD:1:1: oci_pull_image has no argument 'variants' (did you mean 'variant', or oci_pull_images?)");
    wrong("oci_pull_images(name = 'a', repository = 'x.y/z', sha = 'SLIM')")
        .says("oci_pull_images has no argument 'sha' (did you mean oci_pull_image?)");
  }

  // oci_pull_images

  private static final String PYTHON =
      """
      oci_pull_images(
          name = "python",
          repository = "REGISTRY/library/python",
          variants = {
              "slim": "SLIM",
              "buster": "sha256:BUSTER",
          },
      )
      """;

  @Test
  void pulls_makeOneTargetPerVariant() {
    build(PYTHON);

    assertThat(workspace.image("//app:python#slim").digest())
        .isEqualTo("sha256:" + slim.manifest().digest().hex());
    assertThat(workspace.athanorIn("app", "build", ":python#buster").succeeds().out())
        .contains("//app:python#buster ");
    assertThat(workspace.athanor("build", "//...").succeeds().out().lines().count()).isEqualTo(2);
    workspace
        .athanor("build", "//app:python")
        .fails(ExitCode.BAD_INPUT)
        .says("no such target or file: //app:python", "python#slim");
  }

  @Test
  void pulls_areBases() {
    build(PYTHON + "oci_build_image(name = 'app', base = ':python#slim')");

    BuiltImage app = workspace.image("//app:app");

    assertThat(app.manifest().getAsJsonArray("layers").get(0).toString())
        .contains(slim.manifest().layers().get(0).blob().hex());
  }

  @Test
  void pulls_withoutWhatIsRequired_areErrors() {
    wrong("oci_pull_images(name = 'a', repository = 'x.y/z')")
        .says("needs the argument 'variants'");
    wrong("oci_pull_images(name = 'a', variants = {})").says("needs the argument 'repository'");
    wrong("oci_pull_images(name = 'a', repository = 'x.y/z', variants = {'v': 'latest'})")
        .says("app/BUILD:1:1: //app:a#v: sha: 'latest' is not a SHA-256 digest");
    wrong("oci_pull_images(name = 'a', repository = 'x.y/z', variants = ['v'])")
        .says("'variants' must be a dict of strings, not a list");
  }

  // oci_build_image: base

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'scratch'",
        "'//:empty'",
        "['scratch']",
        "['//:empty']",
        "':other'",
        "[':other']"
      })
  void base_isALabelOrAListOfOne(String base) {
    build(
        "oci_build_image(name = 'a', base = %s)\noci_image_empty(name = 'other')".formatted(base));

    BuiltImage image = workspace.image("//app:a");

    assertThat(image.layers()).isEqualTo(0);
    assertThat(image.digest()).isEqualTo(workspace.image("//:empty").digest());
    assertThat(image.config().get("architecture").getAsString()).isEqualTo("amd64");
    assertThat(image.config().get("os").getAsString()).isEqualTo("linux");
  }

  @Test
  void base_ofAnythingElse_isAnError() {
    wrong("oci_build_image(name = 'a')")
        .says("app/BUILD:1:1: oci_build_image needs the argument 'base'");
    wrong("oci_build_image(name = 'a', base = ['scratch', ':b'])")
        .says("app/BUILD:1:1:", "'base' takes one value, got a list of 2");
    wrong("oci_build_image(name = 'a', base = [])").says("'base' takes one value, got a list of 0");
    wrong("oci_build_image(name = 'a', base = ':f')\nfilegroup(name = 'f')")
        .says("app/BUILD:1:1: //app:a: base: //app:f (filegroup) is not an image");
    wrong("oci_build_image(name = 'a', base = ':nope')").says("no such target or file: //app:nope");
  }

  @Test
  void otherName_isTheSameRule() {
    String target = "%s(name = 'a', base = 'scratch', env = ['A=1'])";

    String ours = build(target.formatted("oci_build_image")).image("//app:a").digest();

    assertThat(build(target.formatted("oci_image_build")).image("//app:a").digest())
        .isEqualTo(ours);
  }

  // oci_build_image: packages

  @Test
  void packages_byDefaultNone() {
    BuiltImage image = build("oci_build_image(name = 'a', base = 'scratch')").image("//app:a");

    assertThat(image.layers()).isEqualTo(0);
    assertThat(image.words("Entrypoint")).isEmpty();
  }

  @Test
  void packages_lieAtTheirPathsInTheWorkspace() {
    workspace.write("app/data/x.txt", "x").program("app/tool.sh", "#!/bin/sh\n");
    workspace.write("lib/BUILD", "genrule(name = 'l', outs = ['sub/l.so'], cmd = 'echo > $@')");

    BuiltImage image =
        build(
                """
                files(name = "files", sources = ["data/x.txt"])
                oci_build_image(
                    name = "a",
                    base = "scratch",
                    packages = [":files", "//lib:l", "tool.sh"],
                )
                """)
            .image("//app:a");

    assertThat(image.entries(0))
        .containsExactly(
            "0755 0:0 0 app/",
            "0755 0:0 0 app/data/",
            "0644 0:0 0 app/data/x.txt",
            "0755 0:0 0 app/tool.sh",
            "0755 0:0 0 lib/",
            "0755 0:0 0 lib/sub/",
            "0644 0:0 0 lib/sub/l.so");
  }

  /// The first one that has an executable, in the written order, whatever comes after.
  @Test
  void entrypoint_isTheFirstPackagesProgram() {
    workspace.write("app/x.txt", "x").program("app/z.sh", "#!/bin/sh\n");
    build(
        """
        files(name = "data", sources = ["x.txt"])
        files(name = "script", sources = ["z.sh"])
        genrule(name = "made", outs = ["bin/made", "more"], cmd = "touch $(OUTS)", executable = True)
        [oci_build_image(name = name, base = "scratch", packages = packages) for name, packages in {
            "source": [":script", ":made"],
            "generated": [":made", ":script"],
            "second": [":data", ":made"],
            "file": ["z.sh"],
            "none": [":data"],
        }.items()]
        """);

    assertThat(workspace.image("//app:source").words("Entrypoint")).containsExactly("/app/z.sh");
    assertThat(workspace.image("//app:generated").words("Entrypoint"))
        .containsExactly("/app/bin/made");
    assertThat(workspace.image("//app:second").words("Entrypoint"))
        .containsExactly("/app/bin/made");
    assertThat(workspace.image("//app:file").words("Entrypoint")).containsExactly("/app/z.sh");
    assertThat(workspace.image("//app:none").words("Entrypoint")).isEmpty();
  }

  @Test
  void entrypoint_takesAwayTheInheritedCommand() {
    workspace.program("app/z.sh", "#!/bin/sh\n");
    build(
        """
        oci_build_image(name = "base", base = "scratch", entrypoint = "/old", args = ["inherited"])
        oci_build_image(name = "package", base = ":base", packages = ["z.sh"])
        oci_build_image(name = "given", base = ":base", packages = ["z.sh"], entrypoint = ["/new", "-v"])
        oci_build_image(name = "args", base = ":base", args = ["own"])
        oci_build_image(name = "kept", base = ":base", env = ["A=1"])
        """);

    assertThat(workspace.image("//app:package").words("Entrypoint")).containsExactly("/app/z.sh");
    assertThat(workspace.image("//app:package").words("Cmd")).isEmpty();
    assertThat(workspace.image("//app:given").words("Entrypoint")).containsExactly("/new", "-v");
    assertThat(workspace.image("//app:given").words("Cmd")).isEmpty();
    assertThat(workspace.image("//app:args").words("Entrypoint")).containsExactly("/old");
    assertThat(workspace.image("//app:args").words("Cmd")).containsExactly("own");
    assertThat(workspace.image("//app:kept").words("Entrypoint")).containsExactly("/old");
    assertThat(workspace.image("//app:kept").words("Cmd")).containsExactly("inherited");
  }

  @Test
  void env_isAddedOrReplaced_andKeepsItsOrder() {
    build(
        """
        oci_build_image(name = "base", base = "scratch", env = ["Z=1", "B=2", "A=3"])
        oci_build_image(name = "a", base = ":base", env = ["B=x=y", "C="])
        """);

    assertThat(workspace.image("//app:base").words("Env"))
        .containsExactly("Z=1", "B=2", "A=3")
        .inOrder();
    assertThat(workspace.image("//app:a").words("Env"))
        .containsExactly("Z=1", "B=x=y", "A=3", "C=")
        .inOrder();
    wrong("oci_build_image(name = 'a', base = 'scratch', env = ['oops'])")
        .says("app/BUILD:1:1: //app:a: env: 'oops' is not KEY=VALUE", "PORT=8080");
  }

  @Test
  void packages_givenTwice_arePackedOnce() {
    workspace.write("app/x", "1");
    build(
        """
        files(name = "one", sources = ["x"])
        oci_build_image(name = "a", base = "scratch", packages = [":one", "x", ":one"])
        """);

    assertThat(workspace.image("//app:a").names(0)).containsExactly("app/", "app/x");
  }

  // oci_structure_test

  private CliResult expect(String digest) {
    return build(
            """
            oci_build_image(name = "a", base = "scratch", env = ["A=1"])
            oci_structure_test(name = "a_test", base = ":a", expected_digest = "%s", tags = ["golden"])
            """
                .formatted(digest))
        .athanor("test", "//...");
  }

  @Test
  void structureTest_passesWhileTheDigestIsTheExpectedOne() {
    expect("sha256:SLIM").fails(ExitCode.TESTS_FAILED);
    String digest = workspace.image("//app:a").digest();

    assertThat(expect(digest).succeeds().out()).contains("//app:a_test  PASSED");
    assertThat(expect(digest.substring(7)).succeeds().out()).contains("(cached)");
    assertThat(workspace.athanor("test", "--test-tag-filters=golden", "//...").succeeds().out())
        .contains("1 test: 1 passed");
  }

  @Test
  void structureTest_ofAnotherDigest_failsAndTellsBoth() {
    String digest =
        build("oci_build_image(name = 'a', base = 'scratch', env = ['A=1'])")
            .image("//app:a")
            .digest();

    CliResult result = expect("sha256:SLIM").fails(ExitCode.TESTS_FAILED);

    result.says(
        "the digest is " + digest + ", expected sha256:" + slim.manifest().digest().hex(),
        "athanor image diff");
    assertThat(result.out()).contains("//app:a_test  FAILED");
    assertThat(result.out()).contains("1 test: 0 passed, 1 failed");
  }

  @Test
  void structureTest_takesImagesAndIndexesOnly_andADigest() {
    build(
        """
        oci_build_image(name = "a", base = "scratch", platforms = ["linux/amd64", "linux/arm64"])
        oci_structure_test(name = "t", base = [":a"], expected_digest = "SLIM")
        """);
    String digest = workspace.athanor("build", "--json", "//app:a").succeeds().digest("//app:a");
    workspace.athanor("test", "//app:t").fails(ExitCode.TESTS_FAILED).says("digest is " + digest);

    wrong(
            "oci_structure_test(name = 't', base = ':f', expected_digest = 'SLIM')\nfilegroup(name = 'f')")
        .says("app/BUILD:1:1: //app:t: base: //app:f (filegroup) is not an image");
    wrong("oci_structure_test(name = 't', base = '//:empty', expected_digest = 'v1')")
        .says("app/BUILD:1:1: //app:t: expected_digest: 'v1' is not a SHA-256 digest");
    wrong("oci_structure_test(name = 't', base = ':a')")
        .says("needs the argument 'expected_digest'");
  }

  // publish

  private CliResult publish(String arguments, String... words) {
    build("oci_build_image(name = 'a', base = 'scratch', %s)".formatted(arguments));
    return workspace.athanor(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tag = 'v1'"})
  void publish_withoutRepository_isSkippedVisibly_orAnErrorWhenNamed(String arguments) {
    publish(arguments, "publish", "//...").succeeds().says("skipped //app:a: it has no repository");

    publish(arguments, "publish", "//app:a")
        .fails(ExitCode.BAD_INPUT)
        .says("cannot publish //app:a: it has no repository", "hint: give it a repository");
    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void publish_withoutTag_pushesLatest_andSaysSo() {
    CliResult result = publish("repository = 'REGISTRY/team/app'", "publish", "//app:a").succeeds();

    assertThat(result.out()).contains("//app:a " + registry.host() + "/team/app:latest@sha256:");
    assertThat(registry.content().documentNames()).contains("team/app:latest");
  }

  @Test
  void publish_pushesTheTag_andGivesAReceipt() {
    CliResult result =
        publish("repository = 'REGISTRY/team/app', tag = 'v1'", "publish", "--json", "//...")
            .succeeds();

    JsonObject receipt =
        result.target("//app:a").getAsJsonArray("published").get(0).getAsJsonObject();
    assertThat(receipt.get("registry").getAsString()).isEqualTo(registry.host());
    assertThat(receipt.get("repository").getAsString()).isEqualTo(registry.host() + "/team/app");
    assertThat(receipt.get("digest").getAsString()).isEqualTo(result.digest("//app:a"));
    assertThat(receipt.getAsJsonArray("tags").toString()).isEqualTo("[\"v1\"]");
    assertThat(receipt.get("unchanged").getAsBoolean()).isFalse();
    assertThat(registry.content().documentNames())
        .containsAtLeast("team/app:v1", "team/app:" + result.digest("//app:a"));
  }

  @Test
  void publish_ofWhatIsThere_uploadsNothing() {
    publish("repository = 'REGISTRY/team/app', tag = 'v1'", "publish", "//app:a").succeeds();
    registry.forgetRequests();

    CliResult again = workspace.athanor("publish", "//app:a").succeeds();

    assertThat(again.out()).contains("(was there)");
    assertThat(registry.requests().stream().map(r -> r.method())).containsNoneOf("PUT", "POST");
  }

  @Test
  void publish_mountsTheBasesLayers() {
    build(
        PYTHON
            + "oci_build_image(name = 'app', base = ':python#slim', repository = 'REGISTRY/team/app')");

    workspace.athanor("publish", "//app:app").succeeds();

    assertThat(registry.content().hasBlob("team/app", slim.layers().get(0))).isTrue();
    assertThat(registry.log().toString()).contains("mount=");
    String layer = slim.manifest().layers().get(0).blob().hex();
    assertThat(registry.log().stream().filter(r -> r.startsWith("GET") && r.contains(layer)))
        .isEmpty();
  }

  @Test
  void publish_ofPulledImages_isSkippedVisibly() {
    build(PYTHON)
        .athanor("publish", "//...")
        .succeeds()
        .says("skipped //app:python#slim: it is pulled");
  }

  @Test
  void publish_toNoRepositoryOrTag_isAnError() {
    wrong("oci_build_image(name = 'a', base = 'scratch', repository = 'x.y/Z')")
        .says("app/BUILD:1:1: //app:a: repository:");
    wrong("oci_build_image(name = 'a', base = 'scratch', repository = 'x.y/z', tag = 'a b')")
        .says("app/BUILD:1:1: //app:a: tag: 'a b' is not a tag");
  }
}
