package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.oci.layer.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where files go in a layer and what they look like there, and layers as targets of their own.
final class LayerTargetsTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace = TestWorkspace.in(temp);
    workspace
        .write("app/etc/app.conf", "port 80\n")
        .program("app/bin/server", "#!/bin/sh\n")
        .write("app/data/a", "a")
        .write("app/data/b", "b");
  }

  private BuiltImage image(String attributes) {
    workspace.write(
        "BUILD",
        """
        files(name = "app", sources = glob(["app/**"]))
        files(name = "data", sources = glob(["app/data/*"]))
        oci_layer(name = "layer", %s)
        oci_build_image(name = "image", base = "scratch", layers = [":layer"])
        """
            .formatted(attributes));
    return workspace.image("//:image");
  }

  private CliResult wrong(String attributes) {
    workspace.write(
        "BUILD",
        """
        files(name = "app", sources = glob(["app/**"]))
        files(name = "data", sources = glob(["app/data/*"]))
        oci_layer(name = "layer", %s)
        """
            .formatted(attributes));
    return workspace.athanor("build", "//:layer");
  }

  @Test
  void packages_lieAtTheirPaths() {
    assertThat(image("packages = [':app']").names(0))
        .containsExactly(
            "app/",
            "app/bin/",
            "app/bin/server",
            "app/data/",
            "app/data/a",
            "app/data/b",
            "app/etc/",
            "app/etc/app.conf")
        .inOrder();
  }

  @Test
  void directoryAndPrefix_moveThem() {
    assertThat(image("packages = [':app'], directory = '/opt/x', strip_prefix = 'app'").names(0))
        .containsAtLeast("opt/", "opt/x/", "opt/x/bin/server", "opt/x/etc/app.conf");

    wrong("packages = [':app'], strip_prefix = 'app/bin'")
        .fails(ExitCode.BAD_INPUT)
        .says("//:layer: strip_prefix: app/data/a is not below 'app/bin'");
  }

  @Test
  void files_goWhereTheyAreTold_moreThanOnceIfNeedBe() {
    BuiltImage image =
        image(
            "files = {'app/etc/app.conf': '/etc/app.conf', ':data': '/srv/'}, packages = ['app/data/a']");

    assertThat(image.names(0))
        .containsExactly(
            "app/", "app/data/", "app/data/a", "etc/", "etc/app.conf", "srv/", "srv/a", "srv/b")
        .inOrder();
    assertThat(image.file(0, "etc/app.conf")).isEqualTo("port 80\n");
  }

  @Test
  void files_thatCannotAllBeOnePath_areAnError() {
    wrong("files = {':data': '/srv'}")
        .fails(ExitCode.BAD_INPUT)
        .says("//:layer: files: //:data is 2 files", "end the path with a slash");
    wrong("files = {'app/data/a': '/x', 'app/data/b': '/x'}")
        .fails(ExitCode.BAD_INPUT)
        .says("app/data/a and app/data/b both go to /x");
  }

  @Test
  void modesOwnersAndTimes_byPattern_laterOnesWin() {
    List<String> entries =
        image(
                """
                packages = [":app"], directories = ["/var/lib/app"], symlinks = {"/run/app": "/var/lib/app"},
                modes = {"/app/**": "0640", "/app/bin/*": "4750", "/app/data/": "0700"},
                owners = {"/app/**": "10", "/app/data": "20:30", "/var/lib/app": "40:50", "/run/*": "7"},
                mtimes = {"/app/etc/*": "2024-01-01T00:00:00+01:00", "/app/bin/": "1700000000"},
                """)
            .entries(0);

    assertThat(entries)
        .containsExactly(
            "0755 0:0 0 app/",
            "0755 10:10 1700000000 app/bin/",
            "4750 10:10 0 app/bin/server",
            "0700 20:30 0 app/data/",
            "0640 10:10 0 app/data/a",
            "0640 10:10 0 app/data/b",
            "0755 10:10 0 app/etc/",
            "0640 10:10 1704063600 app/etc/app.conf",
            "0755 0:0 0 run/",
            "0777 7:7 0 run/app",
            "0755 0:0 0 var/",
            "0755 0:0 0 var/lib/",
            "0755 40:50 0 var/lib/app/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "modes = {'/app/*': '0888'}|modes: '0888' is not a mode",
        "modes = {'/app/*': '10000'}|modes: '10000' is not a mode",
        "modes = {'app/*': '0644'}|modes: 'app/*' matches no absolute path",
        "owners = {'/**': 'root'}|owners: 'root' is not UID or UID:GID",
        "owners = {'/**': '4294967295'}|owners: 4294967295 is more than 32 bits can hold",
        "mtimes = {'/**': 'yesterday'}|mtimes: 'yesterday' is no time",
        "directory = 'opt'|directory: 'opt' is no absolute path",
        "files = {'app/data/a': '/x/../y'}|files: '/x/../y': not a file name, reserved: '..'",
        "symlinks = {'/x': ''}|symlinks: /x leads nowhere",
        "symlinks = {'/': 'x'}|symlinks: the root cannot be a symlink",
        "output_path = '../x'|output_path: '../x' is no path below the outputs",
      })
  void attributes_thatMeanNothing_areErrors(String attribute, String says) {
    wrong("packages = [':app'], " + attribute)
        .fails(ExitCode.BAD_INPUT)
        .says("BUILD:3:1: //:layer: " + says);
  }

  @Test
  void pattern_thatMatchesNothing_isAnError() {
    wrong("packages = [':app'], modes = {'/app/bni/*': '0755'}")
        .fails(ExitCode.BUILD_FAILED)
        .says("nothing in the layer matches '/app/bni/*'");
  }

  @Test
  void layerOfNothing_isAnError() {
    wrong("").fails(ExitCode.BAD_INPUT).says("//:layer: packages: nothing is to be in the layer");
  }

  @Test
  void outputPath_isWhereTheLayerIsLeft() {
    image("packages = [':app'], output_path = 'dist/app.tar.gz'");

    workspace.athanor("build", "//:layer").succeeds();
    assertThat(Files.exists(workspace.root.resolve("athanor-out/dist/app.tar.gz"))).isTrue();
  }

  // Archives.

  /// A layer of an archive that commands make in an empty folder, in which it becomes `out.tar`.
  private String archive(String commands) {
    try {
      Peers.runIn(workspace.root, "sh", "-ec", "rm -rf t && mkdir t && cd t && " + commands);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "tars = ['t/out.tar']";
  }

  @ParameterizedTest
  @CsvSource({"cat", "gzip", "zstd -q"})
  void tar_isTakenWhole_howeverItIsCompressed(String compress) {
    Peers.requireTools("tar", "gzip", "zstd");
    String tars =
        archive(
            "mkdir d && echo x > d/f && chmod 2750 d && chmod 600 d/f && ln d/f d/g && ln -s f d/l"
                + " && tar --owner=5 --group=6 --mtime=@77 -cf - ./d | "
                + compress
                + " > out.tar");

    assertThat(image(tars).entries(0))
        .containsExactly("2750 5:6 77 d/", "0600 5:6 77 d/f", "0600 5:6 77 d/g", "0777 5:6 77 d/l");
  }

  @Test
  void tars_thatShareDirectories_areMerged() {
    Peers.requireTools("tar");
    archive("mkdir d && echo 1 > d/a && tar -cf ../a.tar d");
    archive("mkdir d && echo 2 > d/b && tar -cf ../b.tar d");

    assertThat(image("tars = ['a.tar', 'b.tar'], symlinks = {'/d/c': 'a'}").names(0))
        .containsExactly("d/", "d/a", "d/b", "d/c");
    wrong("tars = ['a.tar'], files = {'app/data/a': '/d/a'}")
        .fails(ExitCode.BUILD_FAILED)
        .says("/d/a comes twice into the layer");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo x > f; tar -cf out.tar f f|a second entry for this path",
        "echo x > f; tar -P --transform=s,^,../, -cf out.tar f|a name with '..'",
        "echo x > f; tar -P --transform=s,^,/, -cf out.tar f|an absolute name",
        "echo x > f; tar -cf whole f; head -c 700 whole > out.tar|entry 'f'",
        "echo no tar at all > out.tar|out.tar",
      })
  void tar_thatAStrictReaderRefuses_isRefused(String commands, String says) {
    Peers.requireTools("tar");

    wrong(archive(commands)).fails(ExitCode.BUILD_FAILED).says(says);
  }

  // Layers of an image.

  private void shell(String targets) {
    Peers.requireTools("busybox");
    workspace.write(
        "BUILD",
        """
        genrule(
            name = "busybox",
            outs = ["busybox"],
            cmd = "cp $$(command -v busybox) $@",
            executable = True,
        )
        oci_build_image(
            name = "base",
            base = "scratch",
            files = {":busybox": "/bin/busybox"},
            symlinks = {"/bin/" + name: "busybox" for name in ["sh", "cat", "mkdir", "ln", "chown", "chmod", "touch", "ls", "rm"]},
            volumes = ["/data"],
        )
        """
            + targets);
  }

  @Test
  void buildLayer_takesWhatItsCommandsMade() {
    shell(
        """
        oci_build_layer(
            name = "made",
            base = ":base",
            packages = ["app/data/a", "app/data/b", "app/etc/app.conf"],
            env = ["WORD=hello"],
            commands = [
                "mkdir -p /out/odd; cat /app/data/a /app/data/b /app/etc/app.conf > /out/all",
                "echo $WORD > '/out/odd/with blank'; ln /out/all /out/link; chown 3:4 /out/odd; chmod 4755 /out/all",
                "touch /out/left.tmp; ln -s all /out/soft",
            ],
            outputs = ["/out"],
            exclude = ["*.tmp"],
        )
        oci_build_image(name = "image", base = "scratch", layers = [":made"])
        """);

    BuiltImage image = workspace.image("//:image");

    assertThat(image.entries(0))
        .containsExactly(
            "0755 0:0 0 out/",
            "4755 0:0 0 out/all",
            "4755 0:0 0 out/link",
            "0755 3:4 0 out/odd/",
            "0644 0:0 0 out/odd/with blank",
            "0777 0:0 0 out/soft");
    assertThat(image.file(0, "out/all")).isEqualTo("abport 80\n");
    assertThat(image.file(0, "out/odd/with blank")).isEqualTo("hello\n");
    assertThat(image.runtime().has("Env")).isFalse();
  }

  @Test
  void buildLayer_withoutOutputs_isAllThatChanged() {
    shell(
        """
        oci_build_layer(
            name = "made",
            base = ":base",
            packages = ["app/data/a"],
            commands = "mkdir /out /data; touch /out/x /data/lost; mkdir /tmp/lost",
        )
        oci_build_image(name = "image", base = ":base", layers = [":made"])
        """);

    assertThat(workspace.image("//:image").names(1))
        .containsExactly("app/", "app/data/", "app/data/a", "out/", "out/x");
  }

  /// A command sees what the image has, not what lies below it.
  @Test
  void command_seesNothingThatALayerBelowItRemoved() {
    shell(
        """
        oci_build_image(name = "full", base = ":base", packages = ["app/data/a", "app/data/b"])
        oci_build_layer(name = "slim", base = ":full", commands = "rm /app/data/a")
        oci_build_image(
            name = "image",
            base = ":full",
            layers = [":slim"],
            commands = "ls /app/data > /seen",
        )
        """);

    assertThat(workspace.image("//:image").file(3, "seen")).isEqualTo("b\n");
  }

  @Test
  void volumes_areMaskedUnlessCleared() {
    shell(
        """
        oci_build_image(name = "lost", base = ":base", commands = "mkdir /data; touch /data/x /y")
        oci_build_image(
            name = "kept",
            base = ":base",
            clear = ["volumes"],
            commands = "mkdir /data; touch /data/x /y",
        )
        """);

    assertThat(workspace.image("//:lost").names(1)).containsExactly("y");
    assertThat(workspace.image("//:kept").names(1)).containsExactly("data/", "data/x", "y");
  }

  @Test
  void oddNames_areMatchedAsTheyAre() {
    workspace.write("odd", "x");

    assertThat(
            image(
                    """
                    files = {"odd": "/etc/mnt-my\\\\x2ddata.mount"},
                    modes = {"/etc/*my\\\\x2d*": "0600"},
                    """)
                .entries(0))
        .contains("0600 0:0 0 etc/mnt-my\\x2ddata.mount");
  }

  @Test
  void buildLayer_whoseOutputIsMissing_saysWhatIsThere() {
    shell(
        """
        oci_build_layer(
            name = "made",
            base = ":base",
            commands = "mkdir -p /out/bin; touch /out/bin/server; ln -s out /o",
            outputs = ["/out/bin/sever"],
        )
        """);

    workspace
        .athanor("build", "//:made")
        .fails(ExitCode.BUILD_FAILED)
        .says("the image has no /out/bin/sever: there is no 'sever' in /out/bin, but [server]");

    workspace.edit("BUILD", "/out/bin/sever", "/o/bin");
    workspace
        .athanor("build", "//:made")
        .fails(ExitCode.BUILD_FAILED)
        .says("the image has no /o/bin: /o is a symlink to out");

    workspace.edit("BUILD", "/o/bin", "../x");
    workspace.athanor("build", "//:made").fails(ExitCode.BAD_INPUT).says("'../x' is no path");
  }

  @Test
  void extract_takesPathsOutOfAnImage_runningNothing() {
    workspace.write(
        "BUILD",
        """
        files(name = "app", sources = glob(["app/**"]))
        oci_build_image(
            name = "base",
            base = "scratch",
            packages = [":app"],
            owners = {"/app/data/a": "5:6", "/app/data/": "7:8"},
        )
        oci_extract(name = "part", base = ":base", outputs = ["/app/data/?", "app/etc/"], exclude = ["/app/data/b"])
        oci_build_image(name = "image", base = "scratch", layers = [":part"], compression = "zstd")
        """);

    assertThat(workspace.image("//:image").entries(0))
        .containsExactly(
            "0755 0:0 0 app/",
            "0755 7:8 0 app/data/",
            "0644 5:6 0 app/data/a",
            "0755 0:0 0 app/etc/",
            "0644 0:0 0 app/etc/app.conf");
  }

  @Test
  void layers_keepTheirOrder_belowFilesAndCommands() {
    shell(
        """
        oci_layer(name = "one", files = {"app/data/a": "/x"})
        oci_layer(name = "two", files = {"app/data/b": "/x"}, created_by = "the second")
        oci_build_image(
            name = "image",
            base = ":base",
            layers = [":one", ":two"],
            files = {"app/etc/app.conf": "/y"},
            commands = "cat /x /y > /z",
        )
        """);

    BuiltImage image = workspace.image("//:image");

    assertThat(image.history())
        .containsExactly(
            "athanor add-layer //:base",
            "athanor //:one",
            "the second",
            "athanor add-layer //:image",
            "cat /x /y > /z")
        .inOrder();
    assertThat(image.file(4, "z")).isEqualTo("bport 80\n");
  }

  @Test
  void layer_thatIsNone_isAnError() {
    workspace.write(
        "BUILD", "oci_build_image(name = 'i', base = 'scratch', layers = ['app/data/a'])");

    workspace
        .athanor("build", "//:i")
        .fails(ExitCode.BAD_INPUT)
        .says("//:i: layers: //:app/data/a", "is not a layer");
  }
}
