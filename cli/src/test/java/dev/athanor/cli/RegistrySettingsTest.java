package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.testing.TestCertificate;
import dev.athanor.oci.registry.RealRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A registry that only lets in whom it knows by certificate, and the ways to tell Athanor of it.
final class RegistrySettingsTest {
  @TempDir Path temp;
  private TestWorkspace workspace;
  private TestCertificate certificate;
  private RealRegistry registry;
  private Path home;

  @BeforeEach
  void start() throws Exception {
    certificate = TestCertificate.create(temp);
    registry = RealRegistry.start(temp, certificate.serverConfigThatWantsClients(), "");
    home = Files.createDirectories(temp.resolve("home"));
    workspace = TestWorkspace.in(temp).env("HOME", home.toString());
    workspace.write(
        "BUILD",
        """
        oci_build_image(name = "app", base = "scratch", repository = "%s/team/app", tag = "1")
        """
            .formatted(registry.host()));
  }

  @AfterEach
  void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  private String registry(String folder) {
    return "registry(\"%s\", ca = \"%sca.pem\", certificate = \"%s\", key = \"%s\")\n"
        .formatted(
            registry.host(), folder, certificate.clientCertificate(), certificate.clientKey());
  }

  private CliResult publish(String... more) {
    String[] words = new String[more.length + 2];
    words[0] = "publish";
    words[1] = "//:app";
    System.arraycopy(more, 0, words, 2, more.length);
    return workspace.athanor(words);
  }

  @Test
  void unknownAuthority() {
    publish().fails(ExitCode.BUILD_FAILED).says("no secure connection", "hint:", "--registry-ca");
  }

  @Test
  void workspace_says() throws IOException {
    workspace.write("WORKSPACE", registry("certs/"));
    Files.createDirectories(workspace.root.resolve("certs"));
    Files.copy(certificate.authority(), workspace.root.resolve("certs/ca.pem"));

    publish().succeeds();
  }

  @Test
  void user_says() throws IOException {
    Path config = Files.createDirectories(home.resolve(".config/athanor")).resolve("config");
    Files.writeString(config, registry(""));
    Files.copy(certificate.authority(), config.resolveSibling("ca.pem"));

    publish().succeeds();
    workspace.athanor("info").succeeds();
    assertThat(workspace.athanor("info").out()).contains("config     " + config);
    workspace.env("ATHANOR_CONFIG", "");
    assertThat(workspace.athanor("info").out()).doesNotContain("config");
  }

  @Test
  void folders_haveThem() throws IOException {
    Path folder = Files.createDirectories(home.resolve(".docker/certs.d").resolve(registry.host()));
    Files.copy(certificate.authority(), folder.resolve("ca.crt"));
    Files.copy(certificate.clientCertificate(), folder.resolve("client.cert"));
    Files.copy(certificate.clientKey(), folder.resolve("client.key"));

    publish().succeeds();
  }

  @Test
  void flag_isForAuthorities() throws IOException {
    Path folder =
        Files.createDirectories(home.resolve(".config/containers/certs.d"))
            .resolve(registry.host());
    Files.createDirectories(folder);
    Files.copy(certificate.clientCertificate(), folder.resolve("client.cert"));
    Files.copy(certificate.clientKey(), folder.resolve("client.key"));

    publish().fails(ExitCode.BUILD_FAILED);
    publish("--registry-ca", certificate.authority().toString()).succeeds();
  }

  @Test
  void fileThatIsMissing_isNamed() {
    workspace.write("WORKSPACE", registry("none/"));

    publish()
        .fails(ExitCode.BUILD_FAILED)
        .says("cannot read the certificate " + workspace.root.resolve("none/ca.pem"));
  }

  @Test
  void blocked_byTheUser_whateverTheWorkspaceSays() throws IOException {
    workspace.write("WORKSPACE", registry(""));
    Path config = Files.writeString(temp.resolve("config"), "registry('*', blocked = True)\n");
    workspace.env("ATHANOR_CONFIG", config.toString());

    publish()
        .fails(ExitCode.BUILD_FAILED)
        .says(
            "FAILED push //:app: cannot ",
            registry.host()
                + " itself must not be asked: all that are not named are blocked at "
                + config
                + ":1:1");
  }

  @Test
  void userFile_thatIsWrong_isNamed() throws IOException {
    Path config = Files.writeString(temp.resolve("config"), "\nregistry(1)\n");
    workspace.env("ATHANOR_CONFIG", config.toString());

    publish().fails(ExitCode.BAD_INPUT).says(config + ":2:1", "must be of type 'string'");
  }
}
