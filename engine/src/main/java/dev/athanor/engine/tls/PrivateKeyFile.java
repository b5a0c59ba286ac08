package dev.athanor.engine.tls;

import dev.athanor.engine.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A private key in PEM form, without a password: PKCS #8, or one of the older forms that are
/// turned into it, PKCS #1 for RSA and SEC 1 for elliptic curves.
public final class PrivateKeyFile {
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN (RSA |EC )?PRIVATE KEY-----([^-]*)-----END (?:RSA |EC )?PRIVATE KEY-----");
  private static final List<String> TYPES = List.of("EC", "RSA", "EdDSA");

  /// `rsaEncryption` with no parameters.
  private static final byte[] RSA =
      Der.sequence(Der.of(0x06, hex("2a864886f70d010101")), Der.of(0x05, new byte[0]));

  private static final byte[] EC_PUBLIC_KEY = Der.of(0x06, hex("2a8648ce3d0201"));

  private PrivateKeyFile() {}

  /// @throws UserException that names the file, and never what is in it
  public static PrivateKey read(Path file) {
    String text;
    try {
      text = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UserException(
          "cannot read the private key " + file, "check its path and who may read it", e);
    }
    Matcher matcher = KEY.matcher(text);
    // An old form with a password has headers, and no base64 before them.
    if (!matcher.find() || matcher.group(2).contains(":")) {
      throw unusable(file, "no private key that can be read without a password");
    }
    try {
      byte[] content = Base64.getMimeDecoder().decode(matcher.group(2));
      return key(pkcs8(String.valueOf(matcher.group(1)), content), file);
    } catch (IllegalArgumentException e) {
      throw unusable(file, "a damaged private key");
    }
  }

  private static PrivateKey key(byte[] pkcs8, Path file) {
    for (String type : TYPES) {
      try {
        return KeyFactory.getInstance(type).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException e) {
        // Another type of key, then.
      }
    }
    throw unusable(file, "a private key of an unknown type");
  }

  private static UserException unusable(Path file, String what) {
    return new UserException(
        file + " holds " + what, "convert it with: openssl pkey -in " + file + " -out NEW");
  }

  /// PKCS #8 says what kind of key it is, and then holds the older form.
  private static byte[] pkcs8(String form, byte[] content) {
    byte[] version = Der.of(0x02, new byte[1]);
    return switch (form) {
      case "RSA " -> Der.sequence(version, RSA, Der.of(0x04, content));
      case "EC " ->
          Der.sequence(version, Der.sequence(EC_PUBLIC_KEY, curve(content)), Der.of(0x04, content));
      default -> content;
    };
  }

  /// The curve, which SEC 1 has in a field of its own, the one with the tag [0].
  private static byte[] curve(byte[] sec1) {
    for (Der.Value part : Der.parts(Der.parts(sec1).getFirst().content())) {
      if (part.tag() == 0xa0) {
        return part.content();
      }
    }
    throw new IllegalArgumentException("names no curve");
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
