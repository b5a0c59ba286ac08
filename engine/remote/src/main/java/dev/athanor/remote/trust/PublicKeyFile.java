package dev.athanor.remote.trust;

import dev.athanor.engine.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A public key in PEM form.
final class PublicKeyFile {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PUBLIC KEY-----([^-]*)-----END PUBLIC KEY-----");
  private static final List<String> TYPES = List.of("Ed25519", "EC", "RSA");

  private PublicKeyFile() {}

  /// @throws UserException when there is none in it
  static PublicKey read(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UserException(
          "cannot read the public key " + file, "check its path and who may read it", e);
    }
    Matcher matcher = KEY.matcher(text);
    if (matcher.find()) {
      byte[] bytes = decoded(matcher.group(1), file);
      for (String type : TYPES) {
        try {
          return KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(bytes));
        } catch (GeneralSecurityException e) {
          // Of another type.
        }
      }
    }
    throw unusable(file);
  }

  private static byte[] decoded(String base64, Path file) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw unusable(file);
    }
  }

  private static UserException unusable(Path file) {
    return new UserException(
        file + " holds no public key that can be used",
        "it must be Ed25519, ECDSA or RSA in PEM form, between BEGIN PUBLIC KEY and END PUBLIC KEY");
  }
}
