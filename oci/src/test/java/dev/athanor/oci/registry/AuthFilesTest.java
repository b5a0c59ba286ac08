package dev.athanor.oci.registry;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.UserException;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AuthFilesTest {
  private static final Repository QUAY = Repository.parse("quay.io/team/app");
  private static final Repository HUB = Repository.parse("debian");

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path root = files.getPath("/");
  private final List<String> asked = new ArrayList<>();
  private final CredentialHelper helper =
      (name, server) -> {
        asked.add(name + " " + server);
        return server.contains("unknown")
            ? Optional.empty()
            : Optional.of(
                bytes("{\"ServerURL\":\"x\",\"Username\":\"helped\",\"Secret\":\"s3cret\"}"));
      };

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  @Test
  void dockerConfig_auth() throws IOException {
    write(
        "/home/me/.docker/config.json",
        "{\"auths\":{\"quay.io\":{\"auth\":\"" + pair("me:pass:word") + "\"}}}");

    assertThat(find(QUAY))
        .hasValue(new Credential.Password("me", "pass:word", "/home/me/.docker/config.json"));
    assertThat(find(HUB)).isEmpty();
  }

  @Test
  void dockerHub_isKnownByItsOldAddress() throws IOException {
    write(
        "/home/me/.docker/config.json",
        "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"" + pair("me:pw") + "\"}}}");

    assertThat(find(HUB).map(Object::toString))
        .hasValue("user 'me' from /home/me/.docker/config.json");
  }

  @Test
  void containersAuth_mostSpecificEntryWins() throws IOException {
    write(
        "/run/user/1/containers/auth.json",
        "{\"auths\":{\"quay.io\":{\"auth\":\""
            + pair("a:1")
            + "\"},\"quay.io/team\":{\"auth\":\""
            + pair("b:2")
            + "\"},"
            + "\"quay.io/team/ap\":{\"auth\":\""
            + pair("c:3")
            + "\"}}}");

    assertThat(find(QUAY).map(Object::toString).orElse("")).startsWith("user 'b'");
    assertThat(find(Repository.parse("quay.io/other")).map(Object::toString).orElse(""))
        .startsWith("user 'a'");
  }

  @Test
  void identityAndRegistryTokens() throws IOException {
    write(
        "/home/me/.docker/config.json",
        "{\"auths\":{\"quay.io\":{\"auth\":\""
            + pair("00000:")
            + "\",\"identitytoken\":\"idt\"},\"docker.io\":{\"registrytoken\":\"rt\"}}}");

    assertThat(find(QUAY))
        .hasValue(new Credential.IdentityToken("idt", "/home/me/.docker/config.json"));
    assertThat(find(HUB))
        .hasValue(new Credential.RegistryToken("rt", "/home/me/.docker/config.json"));
  }

  @Test
  void helpers_ownBeforeStoreBeforeEntries() throws IOException {
    write(
        "/home/me/.docker/config.json",
        "{\"credHelpers\":{\"quay.io\":\"quay\"},\"credsStore\":\"desktop\",\"auths\":{\"quay.io\":{\"auth\":\""
            + pair("a:1")
            + "\"},"
            + "\"unknown.io\":{\"auth\":\""
            + pair("b:2")
            + "\"}}}");

    assertThat(find(QUAY))
        .hasValue(new Credential.Password("helped", "s3cret", "docker-credential-quay"));
    find(HUB);
    assertThat(find(Repository.parse("unknown.io/x")).map(Object::toString).orElse(""))
        .startsWith("user 'b'");
    assertThat(asked)
        .containsExactly(
            "quay quay.io", "desktop https://index.docker.io/v1/", "desktop unknown.io")
        .inOrder();
  }

  @Test
  void helper_tokenUser_isAnIdentityToken() {
    assertThat(
            CredentialHelper.parse("x", "s", bytes("{\"Username\":\"<token>\",\"Secret\":\"t\"}")))
        .isEqualTo(new Credential.IdentityToken("t", "docker-credential-x"));
  }

  @Test
  void helper_nonsense_isNotShown() {
    var e =
        assertThrows(UserException.class, () -> CredentialHelper.parse("x", "s", bytes("secret!")));

    assertThat(e).hasMessageThat().isEqualTo("docker-credential-x gave no usable answer for s");
  }

  @Test
  void helper_nameWithPath_isRefused() throws IOException {
    write("/home/me/.docker/config.json", "{\"credsStore\":\"../../bin/sh\"}");

    assertThrows(UserException.class, () -> find(QUAY));
    assertThat(asked).isEmpty();
  }

  @Test
  void files_orderAndExclusion() {
    Map<String, String> all =
        Map.of(
            "HOME",
            "/home/me",
            "XDG_RUNTIME_DIR",
            "/run/user/1",
            "DOCKER_CONFIG",
            "/etc/docker-me");

    assertThat(AuthFiles.files(all, root).stream().map(Path::toString).toList())
        .containsExactly(
            "/etc/docker-me/config.json",
            "/run/user/1/containers/auth.json",
            "/home/me/.config/containers/auth.json",
            "/home/me/.docker/config.json")
        .inOrder();
    assertThat(
            AuthFiles.files(Map.of("HOME", "/home/me", "REGISTRY_AUTH_FILE", "/a.json"), root)
                .stream()
                .map(Path::toString)
                .toList())
        .containsExactly("/a.json");
    assertThat(
            AuthFiles.files(Map.of("HOME", "/h", "XDG_CONFIG_HOME", "/c"), root)
                .getFirst()
                .toString())
        .isEqualTo("/c/containers/auth.json");
    assertThat(AuthFiles.files(Map.of(), root)).isEmpty();
  }

  @Test
  void firstFileThatKnows_wins() throws IOException {
    write(
        "/run/user/1/containers/auth.json",
        "{\"auths\":{\"other.io\":{\"auth\":\"" + pair("a:1") + "\"}}}");
    write(
        "/home/me/.docker/config.json",
        "{\"auths\":{\"quay.io\":{\"auth\":\"" + pair("b:2") + "\"}}}");

    assertThat(find(QUAY).map(Credential::source)).hasValue("/home/me/.docker/config.json");
  }

  @Test
  void brokenFile_namesTheFileOnly() throws IOException {
    write("/home/me/.docker/config.json", "{\"auths\":{\"quay.io\":{\"auth\":\"s3cret!\"}}}");

    var e = assertThrows(UserException.class, () -> find(QUAY));

    assertThat(e)
        .hasMessageThat()
        .isEqualTo("a login in /home/me/.docker/config.json cannot be read");
  }

  @Test
  void variable_comesBeforeFiles() throws IOException {
    write(
        "/home/me/.docker/config.json",
        "{\"auths\":{\"quay.io\":{\"auth\":\"" + pair("b:2") + "\"}}}");
    String text = "{\"auths\":{\"quay.io/team\":{\"auth\":\"" + pair("a:1") + "\"}}}";

    Credentials both =
        AuthFiles.of(Map.of("HOME", "/home/me", "DOCKER_AUTH_CONFIG", text), root, helper);

    assertThat(both.find(QUAY)).hasValue(new Credential.Password("a", "1", "DOCKER_AUTH_CONFIG"));
    assertThat(both.find(Repository.parse("quay.io/other")).map(Credential::source))
        .hasValue("/home/me/.docker/config.json");
  }

  @Test
  void variable_thatIsWrong_isNotShown() {
    for (String text : List.of("me:s3cret", "{\"s3cret\": s3cret", "{\"s3cret\":1,\"s3cret\":2}")) {
      Credentials credentials = AuthFiles.of(Map.of("DOCKER_AUTH_CONFIG", text), root, helper);

      var e = assertThrows(UserException.class, () -> credentials.find(QUAY));

      assertThat(e).hasMessageThat().contains("DOCKER_AUTH_CONFIG cannot be read");
      assertThat(e.toString() + e.hint() + e.getCause()).doesNotContain("s3cret");
    }
  }

  @Test
  void given_mostSpecificWins_andIsReadWhenAsked() throws IOException {
    GivenCredentials given =
        new GivenCredentials(
            Map.of(
                "quay.io", () -> Credential.parse("a:1:2", "one"),
                "quay.io/team", () -> Credential.parse("token", "two"),
                "docker.io",
                    () -> {
                      throw new IOException("read");
                    }));

    assertThat(given.find(QUAY)).hasValue(new Credential.IdentityToken("token", "two"));
    assertThat(given.find(Repository.parse("quay.io/teams/x")))
        .hasValue(new Credential.Password("a", "1:2", "one"));
    assertThat(given.find(Repository.parse("other.io/x"))).isEmpty();
    assertThat(assertThrows(IOException.class, () -> given.find(HUB)))
        .hasMessageThat()
        .isEqualTo("read");
  }

  @Test
  void secrets_areNotInText() {
    for (Credential credential :
        List.of(
            new Credential.Password("me", "s3cret", "f"),
            new Credential.IdentityToken("s3cret", "f"),
            new Credential.RegistryToken("s3cret", "f"))) {
      assertThat(credential.toString()).doesNotContain("s3cret");
    }
    assertThat(new Token("s3cret", java.time.Instant.EPOCH).toString()).doesNotContain("s3cret");
  }

  private Optional<Credential> find(Repository repository) throws IOException {
    return AuthFiles.of(Map.of("HOME", "/home/me", "XDG_RUNTIME_DIR", "/run/user/1"), root, helper)
        .find(repository);
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
    Files.writeString(file, text);
  }

  private static String pair(String text) {
    return Base64.getEncoder().encodeToString(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
