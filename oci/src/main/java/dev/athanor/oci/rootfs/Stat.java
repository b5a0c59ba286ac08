package dev.athanor.oci.rootfs;

import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.DeviceNumber;

/// What a file system says of one name, no link followed.
///
/// @param attributes without extended ones
/// @param inode equal for the names of one file, on one file system
/// @param ctimeNanos when the kernel last saw a change, since the epoch; 0 where that is unknown
/// @param number of a device; 0:0 for anything else
record Stat(
    Kind kind,
    Attributes attributes,
    long size,
    long device,
    long inode,
    int links,
    long ctimeNanos,
    DeviceNumber number) {
  enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK,
    DEVICE,
    FIFO,
    SOCKET
  }
}
