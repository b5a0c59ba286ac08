package dev.athanor.oci.layer;

/// The contract on the bytes of a layer that [LayerWriter] writes.
///
/// The same entries give the same bytes on every machine, JDK, locale, time zone and number of
/// threads. A change of any byte is a new [#VERSION], which belongs into the key of every action
/// that writes layers; golden vectors in the tests hold each version still.
///
/// Version 1:
///
/// - **Order**: unsigned bytes of the path, a directory without its final slash. Inside a directory
///   the opaque marker comes first, then the whiteouts by name, then the rest.
/// - **Names** are bytes: no leading `/` or `./`, directories end in `/`. The root is `./` and is
///   written only when an entry for it is given.
/// - **Parents** are there, once, before what they hold; those that nobody gave are `0755`, owner
///   0:0, from the epoch.
/// - **Headers** are ustar. A value that does not fit moves to a PAX record: a path that cannot be
///   split into 155 and 100 bytes, a link target over 100 bytes, either of them when it is UTF-8
///   beyond ASCII (bytes that are not UTF-8 stay in the ustar field as long as they fit), a size,
///   id or time beyond its octal digits. The ustar field then holds 0, or the first 100 bytes with
///   `_` for each that is not ASCII.
/// - **PAX**: one `x` header named `PaxHeader`, mode 0644, records sorted by key; extended
///   attributes as `SCHILY.xattr.NAME`. No global headers.
/// - **Fields**: mode without type bits; user and group names empty; mtime in whole seconds,
///   rounded towards the past; no access or change time; device numbers 0 except for devices.
/// - **Hard links**: of the names of one file the first in order carries the data, the others are
///   links to it.
/// - **Whiteouts**: mode, owner, size and mtime all 0.
/// - **End**: two zero blocks, and no padding to a record of 10240 bytes.
/// - **Pieces**: for compression the tar is cut before each header whose entry's path has a CRC-32
///   divisible by 16, before and behind each file of 1 MiB or more, and otherwise after 1 MiB. So a
///   file that grows moves no cut far behind it.
/// - **gzip**: each piece is one member, deflated by libdeflate at level 6, with the header `1f 8b
///   08 00, MTIME 0, XFL 0, OS 255`.
/// - **zstd**: each piece is one frame of level 3 with its content size and no checksum.
///
/// The encoders are pinned by version (aircompressor-v3 carries libdeflate, zstd-jni carries zstd)
/// and never taken from the host or the JDK. Where the pinned encoder has no native for the
/// platform a layer is refused: other bytes under the same version would be worse than none.
public final class LayerFormat {
  /// Part of the key of each action that writes a layer.
  public static final int VERSION = 1;

  /// How much of the tar is compressed by itself at most.
  static final int PIECE_BYTES = 1 << 20;

  /// The start of a name that removes what follows it.
  static final String WHITEOUT = ".wh.";

  /// What follows [#WHITEOUT] in the name that hides all that is below its directory.
  static final String OPAQUE_REST = ".wh..opq";

  /// The start of the names that AUFS kept for itself; no file of an image.
  static final String AUFS = ".wh..wh.";

  private LayerFormat() {}
}
