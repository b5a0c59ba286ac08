package dev.athanor.oci.validate;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Pattern;

/// The small languages of the specification.
final class Grammar {
  private static final Pattern DIGEST =
      Pattern.compile("[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+");
  private static final Pattern HEX = Pattern.compile("[a-f0-9]*");
  private static final Pattern TIME =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)");
  private static final Pattern ASCII = Pattern.compile("\\p{ASCII}*");
  private static final Pattern PORT = Pattern.compile("\\d{1,5}(?:-\\d{1,5})?(?:/[a-z]+)?");
  private static final Pattern REF_NAME = refName();

  /// What is longer fits no file name, and would take more stack to match than there is.
  private static final int MAX_LENGTH = 1000;

  private Grammar() {}

  private static Pattern refName() {
    String component = "[A-Za-z0-9]+(?:(?:[-._:@+]|--)[A-Za-z0-9]+)*";
    return Pattern.compile(component + "(?:/" + component + ")*");
  }

  static boolean isDigest(String text) {
    return text.length() <= MAX_LENGTH && DIGEST.matcher(text).matches();
  }

  /// Whether the digest is written as its algorithm demands; those that are not registered demand
  /// nothing.
  static boolean isEncodedRight(String digest) {
    String encoded = digest.substring(digest.indexOf(':') + 1);
    return switch (algorithm(digest)) {
      case "sha256", "blake3" -> encoded.length() == 64 && HEX.matcher(encoded).matches();
      case "sha512" -> encoded.length() == 128 && HEX.matcher(encoded).matches();
      default -> true;
    };
  }

  static String algorithm(String digest) {
    return digest.substring(0, digest.indexOf(':'));
  }

  /// A date and time of RFC 3339. A leap second is one.
  static boolean isTime(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    if (!TIME.matcher(upper).matches()) {
      return false;
    }
    try {
      OffsetDateTime.parse(upper.replaceFirst("\\.\\d+", "").replaceFirst("(:\\d\\d):60", "$1:59"));
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /// A URI of RFC 3986, with its scheme.
  static boolean isUri(String text) {
    try {
      return ASCII.matcher(text).matches() && new URI(text).isAbsolute();
    } catch (URISyntaxException e) {
      return false;
    }
  }

  static boolean isPort(String text) {
    return PORT.matcher(text).matches();
  }

  /// A value of the annotation that makes an entry of `index.json` a tag.
  static boolean isRefName(String text) {
    return text.length() <= MAX_LENGTH && REF_NAME.matcher(text).matches();
  }
}
