package dev.athanor.sandbox;

import java.util.EnumSet;
import java.util.Set;

/// The parts of root's power that a process can be given one by one; those with a name here are the
/// ones that a build step may have.
enum Capability {
  CHOWN(0),
  DAC_OVERRIDE(1),
  FOWNER(3),
  FSETID(4),
  KILL(5),
  SETGID(6),
  SETUID(7),
  SETPCAP(8),
  NET_BIND_SERVICE(10),
  NET_RAW(13),
  SYS_CHROOT(18),
  MKNOD(27),
  AUDIT_WRITE(29),
  SETFCAP(31);

  /// What user 0 needs to install packages and to own, mode and switch to whomever it likes within
  /// its root filesystem: what container engines give by default. None of it reaches beyond the
  /// sandbox: device nodes it makes cannot be opened, as everything is mounted without devices.
  static final Set<Capability> CONTAINER = EnumSet.allOf(Capability.class);

  private final int bit;

  Capability(int bit) {
    this.bit = bit;
  }

  static long mask(Set<Capability> capabilities) {
    return capabilities.stream().mapToLong(capability -> 1L << capability.bit).sum();
  }
}
