package dev.athanor.oci.registry;

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

final class CertificateFoldersTest {
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path root = files.getPath("/");

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  @Test
  void nothing_isTheDefault() throws IOException {
    write("/etc/docker/certs.d/other.example/ca.crt");

    assertThat(find("corp.example")).isEqualTo(Tls.DEFAULT);
  }

  @Test
  void namesSayWhatFilesAre() throws IOException {
    String folder = "/etc/docker/certs.d/corp.example:5000/";
    write(folder + "a.crt");
    write(folder + "me.cert");
    write(folder + "me.key");
    write(folder + "README");

    assertThat(find("corp.example:5000"))
        .isEqualTo(
            new Tls(
                List.of(root.resolve(folder + "a.crt")),
                List.of(
                    new Tls.Identity(
                        root.resolve(folder + "me.cert"), root.resolve(folder + "me.key")))));
    assertThat(find("corp.example")).isEqualTo(Tls.DEFAULT);
  }

  @Test
  void allPlacesCount_theUsersOwnFirst() throws IOException {
    write("/etc/docker/certs.d/r/1.crt");
    write("/etc/containers/certs.d/r/2.crt");
    write("/home/me/.docker/certs.d/r/3.crt");
    write("/home/me/.config/containers/certs.d/r/4.crt");

    assertThat(find("r").authorities().stream().map(Path::toString).toList())
        .containsExactly(
            "/home/me/.config/containers/certs.d/r/4.crt",
            "/home/me/.docker/certs.d/r/3.crt",
            "/etc/containers/certs.d/r/2.crt",
            "/etc/docker/certs.d/r/1.crt")
        .inOrder();
  }

  @Test
  void certificateWithoutKey() throws IOException {
    write("/etc/docker/certs.d/r/me.cert");

    var e = assertThrows(UserException.class, () -> find("r"));

    assertThat(e)
        .hasMessageThat()
        .isEqualTo("/etc/docker/certs.d/r/me.cert is there without me.key");
    assertThat(e.hint().orElse("")).contains(".crt");
  }

  @Test
  void keyWithoutCertificate() throws IOException {
    write("/etc/docker/certs.d/r/me.key");

    var e = assertThrows(UserException.class, () -> find("r"));

    assertThat(e).hasMessageThat().contains("me.key is there without me.cert");
  }

  private Tls find(String registry) {
    return CertificateFolders.of(Map.of("HOME", "/home/me"), root, registry);
  }

  private void write(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
    Files.writeString(file, "");
  }
}
