package dev.athanor.remote.trust;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.OutputFile;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SignedTrustTest {
  private static final Digest KEY = Digester.digest("key".getBytes(UTF_8));

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path dir = files.getPath("/work");

  private static ActionResult result(String text) {
    return ActionResult.newBuilder()
        .addOutputFiles(
            OutputFile.newBuilder()
                .setPath("out")
                .setDigest(Trees.wire(Digester.digest(text.getBytes(UTF_8)))))
        .build();
  }

  /// Writes both keys of a pair, in files called `name` and `name.pub`.
  private Path pair(String name, String algorithm) throws IOException, NoSuchAlgorithmException {
    KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    Path file = dir.resolve(name);
    write(file, "PRIVATE KEY", pair.getPrivate().getEncoded());
    write(dir.resolve(name + ".pub"), "PUBLIC KEY", pair.getPublic().getEncoded());
    return file;
  }

  private static void write(Path file, String what, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n");
  }

  private static SignedTrust signer(Path key) {
    return new SignedTrust(Optional.of(SigningKey.read(key)), Optional.empty());
  }

  private static SignedTrust trusting(Path... places) {
    return new SignedTrust(Optional.empty(), Optional.of(TrustedKeys.read(List.of(places))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ed25519", "EC", "RSA"})
  void aSignature_countsWhereItsKeyIsTrusted(String algorithm) throws Exception {
    Path mine = pair("mine", algorithm);
    Path other = pair("other", algorithm);
    ActionResult signed = signer(mine).signed(KEY, result("a"));

    assertThat(trusting(dir.resolve("mine.pub")).accepts(KEY, signed)).isTrue();
    assertThat(trusting(dir).accepts(KEY, signed)).isTrue();
    assertThat(trusting(other.resolveSibling("other.pub")).accepts(KEY, signed)).isFalse();
  }

  @Test
  void whatWasNotSigned_orForSomethingElse_doesNotCount() throws Exception {
    Path mine = pair("mine", "Ed25519");
    SignedTrust trust = trusting(dir);
    ActionResult signed = signer(mine).signed(KEY, result("a"));
    Digest another = Digester.digest("another".getBytes(UTF_8));

    assertThat(trust.accepts(KEY, result("a"))).isFalse();
    assertThat(trust.accepts(another, signed)).isFalse();
    assertThat(
            trust.accepts(
                KEY,
                signed.toBuilder()
                    .clearOutputFiles()
                    .addAllOutputFiles(result("b").getOutputFilesList())
                    .build()))
        .isFalse();
    assertThat(
            trust.accepts(
                KEY,
                signed.toBuilder()
                    .setOutputFiles(0, signed.getOutputFiles(0).toBuilder().setIsExecutable(true))
                    .build()))
        .isFalse();
  }

  /// Caches write into the metadata who sent it, and when.
  @Test
  void whatCachesAdd_breaksNoSignature() throws Exception {
    Path mine = pair("mine", "Ed25519");
    ActionResult signed = signer(mine).signed(KEY, result("a"));
    var metadata = signed.getExecutionMetadata().toBuilder().setWorker("10.0.0.7");

    ActionResult changed = signed.toBuilder().setExecutionMetadata(metadata).build();

    assertThat(trusting(dir).accepts(KEY, changed)).isTrue();
  }

  /// A result marked as not hermetic is another one than the same without the mark.
  @Test
  void theMarkOfAWeakSandbox_cannotBeTakenAway() throws Exception {
    Path mine = pair("mine", "Ed25519");
    ActionResult marked =
        dev.athanor.engine.action.ActionResult.ofWire(result("a")).toWire().toBuilder()
            .setExecutionMetadata(
                result("a").getExecutionMetadata().toBuilder().setWorker("athanor: not hermetic"))
            .build();
    ActionResult signed = signer(mine).signed(KEY, marked);
    var cleared = signed.getExecutionMetadata().toBuilder().clearWorker();

    assertThat(trusting(dir).accepts(KEY, signed)).isTrue();
    assertThat(trusting(dir).accepts(KEY, signed.toBuilder().setExecutionMetadata(cleared).build()))
        .isFalse();
  }

  @Test
  void keysThatDoNotFit_areNamed() throws Exception {
    Path mine = pair("mine", "Ed25519");
    Path other = pair("other", "Ed25519");
    Files.copy(
        other.resolveSibling("other.pub"),
        mine.resolveSibling("mine.pub"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    UserException e = assertThrows(UserException.class, () -> SigningKey.read(mine));
    assertThat(e).hasMessageThat().isEqualTo("/work/mine.pub is not the public key of /work/mine");

    Files.delete(mine.resolveSibling("mine.pub"));
    e = assertThrows(UserException.class, () -> SigningKey.read(mine));
    assertThat(e).hasMessageThat().contains("there is no /work/mine.pub");

    Files.writeString(
        dir.resolve("bad.pub"), "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----");
    e = assertThrows(UserException.class, () -> trusting(dir.resolve("bad.pub")));
    assertThat(e).hasMessageThat().contains("/work/bad.pub holds no public key");

    Path empty = Files.createDirectory(dir.resolve("empty"));
    e = assertThrows(UserException.class, () -> trusting(empty));
    assertThat(e).hasMessageThat().contains("no trusted keys in /work/empty");
  }
}
