package dev.athanor.oci.model;

import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What an image runs on. Absent parts are empty strings.
///
/// @param variant of the architecture, such as `v8`
/// @param osVersion of Windows, such as `10.0.20348.2113`
public record Platform(String os, String architecture, String variant, String osVersion) {
  /// The members that the specification knows.
  public static final List<String> MEMBERS =
      List.of("architecture", "os", "os.version", "os.features", "variant", "features");

  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

  public static Platform of(String os, String architecture) {
    return new Platform(os, architecture, "", "");
  }

  public static Platform of(String os, String architecture, String variant) {
    return new Platform(os, architecture, variant, "");
  }

  /// Reads `os/architecture[/variant]`, with the aliases that [#normalized()] knows.
  ///
  /// @throws UserException when `text` is anything else
  public static Platform parse(String text) {
    String[] parts = text.split("/", -1);
    boolean wellFormed = parts.length == 2 || parts.length == 3;
    for (String part : parts) {
      wellFormed &= PART.matcher(part).matches();
    }
    if (!wellFormed) {
      throw new UserException(
          "not a platform: '" + Text.abbreviated(text) + "'",
          "write os/architecture or os/architecture/variant, such as linux/arm64");
    }
    return of(parts[0], parts[1], parts.length == 3 ? parts[2] : "").normalized();
  }

  static Platform read(Fields fields) {
    return new Platform(
        fields.string("os"),
        fields.string("architecture"),
        fields.optionalString("variant").orElse(""),
        fields.optionalString("os.version").orElse(""));
  }

  /// One spelling per platform, that of Go: `linux/x86_64` is `linux/amd64`, and the variants that
  /// every machine of an architecture has are not written (`arm64/v8`, `amd64/v1`), while 32-bit
  /// arm always names one (`arm` means `arm/v7`).
  public Platform normalized() {
    String lower = architecture.toLowerCase(Locale.ROOT);
    String arch =
        switch (lower) {
          case "x86_64", "x86-64", "x64" -> "amd64";
          case "aarch64" -> "arm64";
          case "i386", "i486", "i586", "i686", "x86" -> "386";
          case "armhf", "armel", "armv5", "armv6", "armv7", "armv7l" -> "arm";
          case "powerpc64le", "ppc64el" -> "ppc64le";
          case "mipsel" -> "mipsle";
          case "mips64el" -> "mips64le";
          default -> lower;
        };
    String plainOs = os.toLowerCase(Locale.ROOT);
    return new Platform(
        plainOs.equals("macos") ? "darwin" : plainOs, arch, plainVariant(lower, arch), osVersion);
  }

  private String plainVariant(String alias, String arch) {
    String given = variant.toLowerCase(Locale.ROOT);
    String digits = given.matches("[0-9]+") ? "v" + given : given;
    return switch (arch) {
      case "arm64" -> digits.equals("v8") ? "" : digits;
      case "amd64" -> digits.equals("v1") ? "" : digits;
      case "arm" ->
          !digits.isEmpty()
              ? digits
              : switch (alias) {
                case "armel", "armv5" -> "v5";
                case "armv6" -> "v6";
                default -> "v7";
              };
      default -> digits;
    };
  }

  /// Whether an image made for `this` is one for `wanted`. No silent fall-back to an older variant:
  /// who wants another one says so. A version of the operating system counts only when wanted.
  public boolean satisfies(Platform wanted) {
    Platform have = normalized();
    Platform want = wanted.normalized();
    return have.os.equals(want.os)
        && have.architecture.equals(want.architecture)
        && have.variant.equals(want.variant)
        && versionMatches(want.osVersion);
  }

  /// Windows images depend on major, minor and build, not on the revision.
  private boolean versionMatches(String wanted) {
    return wanted.isEmpty() || osVersion.equals(wanted) || osVersion.startsWith(wanted + ".");
  }

  /// What attestations that hide in an index carry instead of a platform.
  public boolean isUnknown() {
    return os.equals("unknown") && architecture.equals("unknown");
  }

  /// Whether [#parse] reads what [#toString] writes: some indexes have empty names in them.
  public boolean isSpelled() {
    return PART.matcher(os).matches()
        && PART.matcher(architecture).matches()
        && (variant.isEmpty() || PART.matcher(variant).matches());
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("architecture", architecture);
    json.addProperty("os", os);
    if (!osVersion.isEmpty()) {
      json.addProperty("os.version", osVersion);
    }
    if (!variant.isEmpty()) {
      json.addProperty("variant", variant);
    }
    return json;
  }

  /// `os/architecture[/variant]`.
  @Override
  public String toString() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }
}
