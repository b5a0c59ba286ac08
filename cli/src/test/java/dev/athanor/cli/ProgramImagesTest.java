package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Images of one program, in layers by how often they change.
final class ProgramImagesTest {
  @TempDir Path temp;
  private TestWorkspace workspace;

  @BeforeEach
  void create() {
    workspace = TestWorkspace.in(temp);
    workspace
        .write("lib/guava.jar", "jar")
        .write("lib/other/guava.jar", "another jar")
        .write("app.jar", "jar")
        .write("src/messages.properties", "x = y")
        .write("tool/main.py", "print(1)")
        .write("tool/util.py", "x = 1")
        .write("lib.pex", "pex")
        .write("tool/app.pex", "pex")
        .write("lib/libz.so.1", "elf")
        .program("server", "elf");
  }

  private BuiltImage image(String target) {
    workspace.write("BUILD", target);
    return workspace.image("//:image");
  }

  @Test
  void java_hasDependenciesThenResourcesThenItself() {
    BuiltImage image =
        image(
            """
            oci_java_image(
                name = "image",
                base = "scratch",
                packages = ["app.jar"],
                dependencies = ["lib/other/guava.jar", "lib/guava.jar"],
                resources = ["src/messages.properties"],
                main_class = "com.example.Main",
                jvm_flags = ["-Xmx64m"],
                args = ["serve"],
            )
            """);

    assertThat(image.names(0))
        .containsAtLeast("app/libs/lib/guava.jar", "app/libs/lib/other/guava.jar");
    assertThat(image.names(1)).contains("app/resources/src/messages.properties");
    assertThat(image.names(2)).containsExactly("app/", "app/app.jar");
    assertThat(image.words("Entrypoint"))
        .containsExactly(
            "java",
            "-Xmx64m",
            "-cp",
            "/app/app.jar:/app/resources:/app/libs/lib/other/guava.jar:/app/libs/lib/guava.jar",
            "com.example.Main")
        .inOrder();
    assertThat(image.words("Cmd")).containsExactly("serve");
  }

  @Test
  void java_changeOfTheProgram_leavesTheOtherLayers() {
    String target =
        """
        oci_java_image(
            name = "image",
            base = "scratch",
            packages = ["app.jar"],
            dependencies = ["lib/guava.jar"],
            main_class = "M",
        )
        """;
    var before = image(target).manifest().getAsJsonArray("layers");
    workspace.write("app.jar", "another");

    var after = image(target).manifest().getAsJsonArray("layers");

    assertThat(after.get(0)).isEqualTo(before.get(0));
    assertThat(after.get(1)).isNotEqualTo(before.get(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/opt/x", "/opt/x/"})
  void java_anyDirectory(String directory) {
    String base = directory.equals("/") ? "" : "/opt/x";

    BuiltImage image =
        image(
            """
            oci_java_image(
                name = "image",
                base = "scratch",
                directory = "%s",
                packages = ["app.jar"],
                dependencies = ["lib/guava.jar"],
                resources = ["src/messages.properties"],
                strip_prefix = "",
                main_class = "M",
            )
            """
                .formatted(directory));

    assertThat(image.words("Entrypoint").get(2))
        .isEqualTo("%1$s/app.jar:%1$s/resources:%1$s/libs/lib/guava.jar".formatted(base));
    assertThat(image.names(1)).contains((base + "/resources/src/messages.properties").substring(1));
  }

  @Test
  void nativeProgram_prefixIsTakenOffWhereItIs() {
    workspace.program("out/server", "elf").write("conf/x", "x");

    BuiltImage image =
        image(
            """
            oci_native_image(
                name = "image",
                base = "scratch",
                binary = "out/server",
                strip_prefix = "out",
                resources = ["conf/x"],
            )
            """);

    assertThat(image.words("Entrypoint")).containsExactly("/app/server");
    assertThat(image.names(0)).contains("app/conf/x");
  }

  @Test
  void python_startsTheLastPexOrMain() {
    String target = "oci_python_image(name = 'image', base = 'scratch', packages = [%s]%s)";

    assertThat(image(target.formatted("'lib.pex', 'tool/app.pex'", "")).words("Entrypoint"))
        .containsExactly("python", "/tool/app.pex")
        .inOrder();
    assertThat(
            image(
                    target.formatted(
                        "'tool/util.py', 'tool/main.py'",
                        ", main = 'main.py', interpreter = '/usr/bin/python3'"))
                .words("Entrypoint"))
        .containsExactly("/usr/bin/python3", "/tool/main.py")
        .inOrder();
    assertThat(
            image(target.formatted("'tool/util.py'", ", main = '/opt/main.py'"))
                .words("Entrypoint"))
        .containsExactly("python", "/opt/main.py")
        .inOrder();
  }

  @Test
  void python_withNothingToStart_isAnError() {
    workspace.write(
        "BUILD", "oci_python_image(name = 'image', base = 'scratch', packages = ['tool/util.py'])");

    workspace
        .athanor("build", "//:image")
        .fails(ExitCode.BAD_INPUT)
        .says("main: there is no main, and no .pex file in packages", "[tool/util.py]");
  }

  @Test
  void nativeProgram_findsItsLibraries() {
    BuiltImage image =
        image(
            """
            oci_native_image(
                name = "image",
                base = "scratch",
                binary = "server",
                dependencies = ["lib/libz.so.1"],
                resources = ["src/messages.properties"],
            )
            """);

    assertThat(image.names(0)).containsExactly("app/", "app/lib/", "app/lib/libz.so.1");
    assertThat(image.names(1)).contains("app/src/messages.properties");
    assertThat(image.entries(2)).containsExactly("0755 0:0 0 app/", "0755 0:0 0 app/server");
    assertThat(image.words("Entrypoint")).containsExactly("/app/server");
    assertThat(image.words("Env")).containsExactly("LD_LIBRARY_PATH=/app/lib");
  }
}
