package dev.athanor.oci.layer;

/// Which device a device node stands for.
public record DeviceNumber(Kind kind, int major, int minor) {
  /// The two kinds of device nodes.
  public enum Kind {
    CHARACTER,
    BLOCK
  }

  /// What seven octal digits of a tar header hold; Linux itself stops at 4095 and 1048575.
  private static final int MAX = 07777777;

  public DeviceNumber {
    if (major < 0 || major > MAX || minor < 0 || minor > MAX) {
      throw new IllegalArgumentException("not a device number: " + major + ":" + minor);
    }
  }

  @Override
  public String toString() {
    return (kind == Kind.CHARACTER ? "c" : "b") + major + ":" + minor;
  }
}
