package dev.athanor.oci.model;

import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import java.util.regex.Pattern;

/// A digest as OCI documents write it: `algorithm:encoded`.
///
/// Any algorithm parses, because documents that name one must survive a copy; only SHA-256 gives
/// access to bytes. What has parsed is safe inside a URL and a file name (CVE-2024-3727).
public record OciDigest(String algorithm, String encoded) {
  private static final Pattern ALGORITHM = Pattern.compile("[a-z0-9]+(?:[+._-][a-z0-9]+)*");
  private static final Pattern ENCODED = Pattern.compile("[a-zA-Z0-9=_-]+");
  private static final Pattern HEX = Pattern.compile("[0-9a-f]+");

  /// Longer than any registered algorithm needs, short enough for a file name.
  private static final int MAX_LENGTH = 200;

  public OciDigest {
    String problem = problem(algorithm, encoded);
    if (!problem.isEmpty()) {
      throw new UserException(
          "not a digest: '" + Text.abbreviated(algorithm + ":" + encoded) + "': " + problem);
    }
  }

  /// Reads `algorithm:encoded`.
  ///
  /// @throws UserException when `text` is no digest
  public static OciDigest parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new UserException(
          "not a digest: '" + Text.abbreviated(text) + "'", "write it as sha256:<64 hex digits>");
    }
    return new OciDigest(text.substring(0, colon), text.substring(colon + 1));
  }

  public static OciDigest of(Sha256 hash) {
    return new OciDigest("sha256", hash.hex());
  }

  public static OciDigest of(Digest blob) {
    return of(blob.hash());
  }

  public boolean isSha256() {
    return algorithm.equals("sha256");
  }

  /// The hash itself.
  ///
  /// @throws UserException when it is made by another algorithm: the store cannot check its bytes
  public Sha256 sha256() {
    if (!isSha256()) {
      throw new UserException(
          "cannot read the content of " + this + ": only sha256 digests can be verified",
          "ask the publisher for a variant of the image that uses sha256");
    }
    return Sha256.parse(encoded);
  }

  @Override
  public String toString() {
    return algorithm + ":" + encoded;
  }

  private static String problem(String algorithm, String encoded) {
    if (algorithm.length() + encoded.length() > MAX_LENGTH) {
      return "too long";
    }
    if (!ALGORITHM.matcher(algorithm).matches()) {
      return "bad algorithm name";
    }
    return switch (algorithm) {
      case "sha256", "blake3" -> hexProblem(encoded, 64);
      case "sha384" -> hexProblem(encoded, 96);
      case "sha512" -> hexProblem(encoded, 128);
      default -> ENCODED.matcher(encoded).matches() ? "" : "forbidden characters";
    };
  }

  private static String hexProblem(String encoded, int digits) {
    return encoded.length() == digits && HEX.matcher(encoded).matches()
        ? ""
        : digits + " lower-case hex digits expected";
  }
}
