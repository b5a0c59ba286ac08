package dev.athanor.engine.diff;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.tree.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/// Compares files and directories by structure.
///
/// Memory stays small whatever is compared: bytes are read in place or as streams, and what has to
/// be unpacked goes to temporary files. Nothing in a file can make a comparison fail: what is
/// damaged, and what trips up a format, is compared as bytes. So is a document that leads to blobs
/// which the store does not have: anybody can write down a digest. A machine that fails, by a disk
/// that is full or cannot be read, is an [IOException].
public final class Comparison {
  private final BlobStore blobs;
  private final List<Format> formats;
  private final Limits limits;
  private final Path spool;

  /// @param blobs has the contents, and those that documents in them name
  /// @param formats asked in this order; text and bytes are always known
  public Comparison(BlobStore blobs, List<Format> formats) {
    this(blobs, formats, Limits.DEFAULT);
  }

  /// Unpacks into the directory of this Java for temporary files.
  public Comparison(BlobStore blobs, List<Format> formats, Limits limits) {
    this(blobs, formats, limits, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /// @param spool a directory for what is unpacked, up to the bytes that `limits` allow at a time;
  ///   it need not be there, and nothing is left in it
  public Comparison(BlobStore blobs, List<Format> formats, Limits limits, Path spool) {
    this.blobs = blobs;
    this.formats = List.copyOf(formats);
    this.limits = limits;
    this.spool = spool;
  }

  /// What makes `after` out of `before`.
  ///
  /// @throws dev.athanor.engine.cas.MissingBlobException when one of them is not in the store
  public Differences of(Content before, Content after) throws IOException {
    return at(List.of(), place -> new Contents(place).compare(before, after));
  }

  /// What makes one file's bytes out of the other's.
  ///
  /// @param where it is: the first steps of each difference
  public Differences of(List<String> where, Data before, Data after) throws IOException {
    return at(where, place -> place.compare(before, after));
  }

  /// The same for bytes that can be had once, which are kept for as long as it takes.
  public Differences of(List<String> where, Source before, Source after) throws IOException {
    return at(
        where,
        place -> {
          try (InputStream one = before.open();
              InputStream other = after.open();
              Data was = place.unpack(one);
              Data is = place.unpack(other)) {
            place.compare(was, is);
          }
        });
  }

  /// Where bytes come from.
  @FunctionalInterface
  public interface Source {
    InputStream open() throws IOException;
  }

  private Differences at(List<String> where, Compared what) throws IOException {
    Run run = new Run(blobs, formats, limits, spool);
    what.compare(new Place(run, where, 0));
    return run.findings.all();
  }

  private interface Compared {
    void compare(Place place) throws IOException;
  }
}
