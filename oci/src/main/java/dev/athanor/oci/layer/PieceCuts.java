package dev.athanor.oci.layer;

import java.util.zip.CRC32;

/// Where in a layer a new piece begins before the old one is full: see [LayerFormat].
///
/// The cuts follow from the entries on their two sides, not from what came before: so the pieces
/// behind a file that has grown are the same as ever.
final class PieceCuts {
  /// One entry in so many begins a piece: few enough to compress well, often enough to soon meet
  /// the old cuts again.
  private static final int ONE_IN = 16;

  private boolean afterLarge;

  /// Whether a piece begins before the header of `entry`; asked once for each, in order.
  boolean before(Entry entry) {
    boolean large =
        entry instanceof Entry.File file && file.content().size() >= LayerFormat.PIECE_BYTES;
    boolean cut = afterLarge || large || isMark(entry.path());
    afterLarge = large;
    return cut;
  }

  private static boolean isMark(EntryPath path) {
    CRC32 crc = new CRC32();
    crc.update(path.bytes());
    return crc.getValue() % ONE_IN == 0;
  }
}
