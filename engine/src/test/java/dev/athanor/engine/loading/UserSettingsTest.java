package dev.athanor.engine.loading;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.UserException;
import dev.athanor.engine.tls.Tls;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UserSettingsTest {
  private static final String USUAL = "/home/me/.config/athanor/config";
  private static final Map<String, String> ME = Map.of("HOME", "/home/me");

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path root = files.getPath("/");

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  private Path write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
    return Files.writeString(file, text);
  }

  private UserSettings read(Map<String, String> environment) throws InterruptedException {
    return UserSettings.read(environment, root);
  }

  private WorkspaceSettings workspace(String text) throws Exception {
    Path file = write("/src/WORKSPACE", text);
    return WorkspaceSettings.read(new Workspace(root.resolve("src"), file));
  }

  private static RegistrySetting said(WorkspaceSettings settings, String registry) {
    return Optional.ofNullable(settings.registries().get(registry)).orElseThrow();
  }

  @Test
  void whatItMaySay() throws Exception {
    Path file =
        write(
            USUAL,
            """
            cache("../cache")
            registry(
                "corp.example:5000",
                mirrors = ["near.example/corp"],
                insecure = True,
                blocked = True,
                ca = "certs/corp.pem",
                certificate = "/etc/me.pem",
                key = "../me.key",
            )
            """);

    UserSettings settings = read(ME);

    assertThat(settings.file()).hasValue(file);
    assertThat(settings.cache().map(Path::normalize))
        .hasValue(root.resolve("home/me/.config/cache"));
    assertThat(settings.registries())
        .containsExactly(
            "corp.example:5000",
            new RegistrySetting(
                List.of("near.example/corp"),
                true,
                true,
                Optional.of(root.resolve("home/me/.config/athanor/certs/corp.pem")),
                Optional.of(
                    new Tls.Identity(
                        root.resolve("etc/me.pem"), root.resolve("home/me/.config/me.key"))),
                USUAL + ":2:1"));
  }

  @Test
  void whereItIs() throws Exception {
    write(USUAL, "");
    write("/xdg/athanor/config", "");
    write("/own", "");

    assertThat(read(ME).file()).hasValue(root.resolve(USUAL));
    assertThat(read(Map.of("HOME", "/home/me", "XDG_CONFIG_HOME", "/xdg")).file())
        .hasValue(root.resolve("xdg/athanor/config"));
    assertThat(read(Map.of("HOME", "/home/me", "ATHANOR_CONFIG", "own")).file())
        .hasValue(root.resolve("own"));
    assertThat(read(Map.of("HOME", "/home/me", "ATHANOR_CONFIG", ""))).isEqualTo(UserSettings.NONE);
    assertThat(read(Map.of("HOME", "/home/you"))).isEqualTo(UserSettings.NONE);
    assertThat(read(Map.of())).isEqualTo(UserSettings.NONE);
  }

  @Test
  void namedButMissing() {
    var e = assertThrows(UserException.class, () -> read(Map.of("ATHANOR_CONFIG", "/none")));

    assertThat(e).hasMessageThat().isEqualTo("no such file: /none, which ATHANOR_CONFIG names");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "registry('a', mirors=[])          | :2:1: | mirors",
        "registry('a', ca=1)               | :2:1: | must be of type 'string'",
        "registry('https://a')             | :2:1: | must be a host",
        "registry('a', certificate='c')    | :2:1: | certificate and key belong together",
        "registry('a', key='c')            | :2:1: | certificate and key belong together",
        "registry('*')                     | :2:1: | only blocked = True",
        "registry('*', blocked=True, insecure=True) | :2:1: | only blocked = True",
        "registry('b')                     | :2:1: | configured already",
        "platform('a')                     | :2:1: | platform",
        "workspace('a')                    | :2:1: | workspace",
        "cache(                            | :2:   | ''",
      })
  void errors_nameTheFile(String line, String place, String problem) throws IOException {
    write(USUAL, "registry('b')\n" + line);

    var e = assertThrows(UserException.class, () -> read(ME));

    assertThat(e).hasMessageThat().contains(USUAL + place);
    assertThat(e).hasMessageThat().contains(problem);
  }

  @Test
  void user_replacesWhatTheWorkspaceSays() throws Exception {
    write(USUAL, "registry('a', blocked = True)\ncache('c')");
    WorkspaceSettings settings =
        workspace("registry('a', insecure = True)\nregistry('b', ca = 'b.pem')\ncache('../x')");

    WorkspaceSettings both = settings.with(read(ME));

    assertThat(said(both, "a").blocked()).isTrue();
    assertThat(said(both, "a").insecure()).isFalse();
    assertThat(said(both, "b").authority()).hasValue(root.resolve("src/b.pem"));
    assertThat(said(both, "b").where()).isEqualTo("WORKSPACE:2:1");
    assertThat(both.cache()).hasValue("/home/me/.config/athanor/c");
    assertThat(settings.with(UserSettings.NONE)).isEqualTo(settings);
  }

  /// Another spelling names the same server: in one file that is said twice, in two the user wins.
  @Test
  void spellings_areOneServer() throws Exception {
    write(USUAL, "registry('docker.io', mirrors = ['near.example'], blocked = True)");

    WorkspaceSettings both =
        workspace("registry('index.docker.io:443', mirrors = ['far.example'])").with(read(ME));

    assertThat(both.registries().keySet()).containsExactly("docker.io");
    assertThat(said(both, "docker.io").blocked()).isTrue();
    assertThat(
            assertThrows(
                UserException.class,
                () -> workspace("registry('Quay.io')\nregistry('quay.io:0443')")))
        .hasMessageThat()
        .contains("configured already");
    assertThat(RegistrySetting.server("R.example:05000")).isEqualTo("r.example:5000");
  }

  /// Otherwise any workspace could open what the user has closed.
  @Test
  void userWhoBlocksAll_isNotOverruledByAWorkspace() throws Exception {
    write(USUAL, "registry('*', blocked = True)\nregistry('near.example')");

    WorkspaceSettings both = workspace("registry('far.example')").with(read(ME));

    assertThat(both.registries().keySet()).containsExactly("*", "near.example");
  }
}
