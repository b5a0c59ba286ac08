package dev.athanor.remote.trust;

import build.bazel.remote.execution.v2.ActionResult;
import build.bazel.remote.execution.v2.ExecutedActionMetadata;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.protocol.Signature;
import dev.athanor.remote.Trust;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Signs what is made here, and takes only what somebody signed who may.
///
/// A signature covers the key of the action and everything that its result says, but not who ran it
/// when: caches write into that. It stands in the part of the result that is for such notes, where
/// every cache keeps it and nobody else minds it.
public final class SignedTrust implements Trust {
  /// So that nothing else that a key signs can be taken for a result.
  private static final byte[] PURPOSE =
      "athanor action result 1\n".getBytes(StandardCharsets.UTF_8);

  private static final String PREFIX = "type.googleapis.com";

  private final Optional<SigningKey> signer;
  private final Optional<TrustedKeys> trusted;

  /// @param trusted whose signatures count; where absent, everybody's word does
  public SignedTrust(Optional<SigningKey> signer, Optional<TrustedKeys> trusted) {
    this.signer = signer;
    this.trusted = trusted;
  }

  @Override
  public boolean accepts(Digest key, ActionResult result) {
    return trusted.isEmpty()
        || result.getExecutionMetadata().getAuxiliaryMetadataList().stream()
            .filter(note -> note.is(Signature.class))
            .anyMatch(note -> isGood(note, key, result, trusted.get()));
  }

  private static boolean isGood(Any note, Digest key, ActionResult result, TrustedKeys trusted) {
    try {
      Signature signature = note.unpack(Signature.class);
      return trusted.verifies(
          signature.getKeyId(), text(key, result), signature.getSignature().toByteArray());
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  @Override
  public ActionResult signed(Digest key, ActionResult result) {
    return signer.map(key1 -> signed(key, result, key1)).orElse(result);
  }

  private static ActionResult signed(Digest key, ActionResult result, SigningKey signer) {
    Signature signature =
        Signature.newBuilder()
            .setKeyId(signer.id())
            .setSignature(ByteString.copyFrom(signer.sign(text(key, result))))
            .build();
    ExecutedActionMetadata.Builder metadata = result.getExecutionMetadata().toBuilder();
    metadata.addAuxiliaryMetadata(Any.pack(signature, PREFIX));
    return result.toBuilder().setExecutionMetadata(metadata).build();
  }

  /// What is signed. The result is encoded by us from what we would read of it, so that no cache
  /// that encodes it in another way breaks the signature.
  private static byte[] text(Digest key, ActionResult result) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes(PURPOSE);
    text.writeBytes((key + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      text.writeBytes(dev.athanor.engine.action.ActionResult.ofWire(result).toWire().toByteArray());
    } catch (RuntimeException e) {
      // No result that anybody could use: its signature, if there is one, is for something else.
      text.writeBytes(new byte[] {0});
    }
    return text.toByteArray();
  }
}
