package dev.athanor.oci.rootfs;

import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.EntryName;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// One directory of a listing: its own attributes and what it holds, by name in byte order.
///
/// Its node, whose digest names it, is made of varints (LEB128, seven bits a byte, the lowest
/// first, no longer than needed), hashes (32 bytes) and strings (varint length, bytes):
///
/// ```
/// node    = 0x01 (version), attributes, count, child*
/// child   = name string, kind byte, body
/// kind    = 1 directory, 2 file, 3 symlink, 4 character device, 5 block device, 6 FIFO
/// body    = digest                                         of a directory
///         | attributes, links, digest                      of a file
///         | attributes, links, target string               of a symlink
///         | attributes, links, major, minor                of a device
///         | attributes, links                              of a FIFO
/// digest  = hash, size
/// links   = names of the file; when more than 1, the first of them as a string
/// attributes = mode, uid, gid, mtime seconds (zigzag), mtime nanoseconds,
///              count of xattrs, (name string, value string)*   sorted by name
/// ```
///
/// Equal trees have equal bytes, and bytes that are not in this form are refused.
public record Directory(Attributes attributes, SortedMap<EntryName, Node> children) {
  public Directory {
    children = Collections.unmodifiableSortedMap(new TreeMap<>(children));
  }

  /// A directory that is known to nobody else.
  static Directory of(Attributes attributes, Map<EntryName, Node> children) {
    return new Directory(attributes, new TreeMap<>(children));
  }
}
