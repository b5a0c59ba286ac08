package dev.athanor.remote.trust;

import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.tls.PrivateKeyFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/// A key that signs results, Ed25519 or ECDSA, and the name of the public key that goes with it.
public final class SigningKey {
  private final PrivateKey key;
  private final String id;

  private SigningKey(PrivateKey key, String id) {
    this.key = key;
    this.id = id;
  }

  /// @param file with the private key in PEM form; the public one is in the file beside it whose
  ///   name ends with `.pub`
  /// @throws UserException when one of them cannot be used, or they are no pair
  public static SigningKey read(Path file) {
    PrivateKey key = PrivateKeyFile.read(file);
    Path beside = file.resolveSibling(file.getFileName() + ".pub");
    if (!Files.exists(beside)) {
      throw new UserException(
          "there is no " + beside + ", the public key that goes with " + file,
          "make it with: openssl pkey -in " + file + " -pubout -out " + beside);
    }
    PublicKey open = PublicKeyFile.read(beside);
    SigningKey signer = new SigningKey(key, id(open));
    byte[] test = "a test".getBytes(StandardCharsets.UTF_8);
    if (!verifies(open, test, signer.sign(test))) {
      throw new UserException(
          beside + " is not the public key of " + file,
          "make it anew with: openssl pkey -in " + file + " -pubout -out " + beside);
    }
    return signer;
  }

  /// The name of its public key.
  String id() {
    return id;
  }

  byte[] sign(byte[] text) {
    try {
      Signature signature = Signature.getInstance(algorithm(key.getAlgorithm()));
      signature.initSign(key);
      signature.update(text);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new UserException(
          "the signing key cannot sign: " + e.getMessage(), "use Ed25519 or ECDSA with P-256", e);
    }
  }

  /// The SHA-256 of the public key's encoding, in hex.
  static String id(PublicKey key) {
    return Digester.digest(key.getEncoded()).hex();
  }

  static boolean verifies(PublicKey key, byte[] text, byte[] signed) {
    try {
      Signature signature = Signature.getInstance(algorithm(key.getAlgorithm()));
      signature.initVerify(key);
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String algorithm(String key) {
    return switch (key) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> "Ed25519";
    };
  }
}
