package dev.athanor.actions;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Hosts of several distributions, in memory.
final class HostToolsTest {
  private final Path root = Jimfs.newFileSystem(Configuration.unix()).getPath("/");

  @BeforeEach
  void usr() throws IOException {
    for (String folder : new String[] {"bin", "lib", "local", "x86_64-linux-gnu"}) {
      Files.createDirectories(root.resolve("usr").resolve(folder));
    }
    write("etc/machine-id", "one");
    write("etc/os-release", "ID=some");
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.resolveSibling("."));
    Files.writeString(path, text);
  }

  private String fingerprint() {
    return new HostTools(root).probe().fingerprint();
  }

  @Test
  void visible_isWhatPackagesInstall() {
    assertThat(new HostTools(root).probe().visible())
        .containsAtLeast("/usr/bin", "/usr/lib", "/usr/x86_64-linux-gnu", "/bin");
    assertThat(new HostTools(root).probe().visible()).containsNoneOf("/usr", "/usr/local", "/etc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "var/lib/dpkg/status",
        "lib/apk/db/installed",
        "var/lib/rpm/rpmdb.sqlite",
        "usr/lib/sysimage/rpm/rpmdb.sqlite"
      })
  void fingerprint_followsThePackages_andNotTheMachine(String inventory) throws IOException {
    write(inventory, "gcc 12");
    String before = fingerprint();

    write("etc/machine-id", "two");
    assertThat(fingerprint()).isEqualTo(before);

    write(inventory, "gcc 13");
    assertThat(fingerprint()).isNotEqualTo(before);
  }

  @Test
  void fingerprint_ofArch_followsTheNamesOfItsFolders() throws IOException {
    write("var/lib/pacman/local/gcc-12-1/desc", "");
    String before = fingerprint();

    write("etc/machine-id", "two");
    assertThat(fingerprint()).isEqualTo(before);

    write("var/lib/pacman/local/zlib-1/desc", "");
    assertThat(fingerprint()).isNotEqualTo(before);
  }

  @Test
  void fingerprint_whereNobodyKeepsAList_isTheMachines() throws IOException {
    String before = fingerprint();

    write("etc/machine-id", "two");

    assertThat(fingerprint()).isNotEqualTo(before);
  }
}
