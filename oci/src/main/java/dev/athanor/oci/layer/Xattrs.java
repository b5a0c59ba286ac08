package dev.athanor.oci.layer;

import java.util.List;

/// Extended attributes that take no part in images, neither read nor written: labels of the host's
/// security policy, access lists of one file system, and names that mean something to overlayfs or
/// to rootless tools when they are on disk.
public final class Xattrs {
  private static final List<Bytes> IGNORED =
      List.of(
          Bytes.utf8("security.selinux"),
          Bytes.utf8("system.nfs4_acl"),
          Bytes.utf8("trusted.overlay."),
          Bytes.utf8("user.overlay."),
          Bytes.utf8("user.rootlesscontainers"));

  private Xattrs() {}

  public static boolean isIgnored(Bytes name) {
    return IGNORED.stream().anyMatch(name::startsWith);
  }
}
