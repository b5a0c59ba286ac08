package dev.athanor.oci.layer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Reads a layer for its form alone: its members as they are, without judging or keeping them.
///
/// What is wrong with the compression comes out as [java.util.zip.ZipException] or
/// [com.github.luben.zstd.ZstdIOException], what is wrong with the tar as [LayerException] or
/// [java.io.EOFException].
public final class LayerScan implements AutoCloseable {
  private final LayerBlob.Plain plain;
  private final ReadAhead ahead;
  private final TarInput in;
  private final TarReader tar;
  private long unread;

  /// One member of the tar.
  ///
  /// @param type the type flag; `0` for every way to say regular file, `5` for every way to say
  ///   directory
  /// @param size of the data that is in the tar
  public record Member(char type, Bytes name, Bytes link, long size, boolean sparse) {
    /// Whether the type is one that an image can have.
    public boolean isKnown() {
      return TarMember.isKnown(type);
    }
  }

  /// @param in the layer as it is in the image; stays open
  /// @param copy gets the plain tar as it is read
  public LayerScan(InputStream in, Limits limits, OutputStream copy) throws IOException {
    LayerBlob blob = new LayerBlob(in);
    this.plain = blob.plain();
    this.ahead = new ReadAhead(new LimitedTar(plain.tar(), blob, limits));
    this.in = new TarInput(ahead, copy);
    this.tar = new TarReader(this.in, limits);
  }

  /// How the tar is wrapped, whatever anybody says about it.
  public Compression compression() {
    return plain.compression();
  }

  /// The next member, or null at the end.
  public @Nullable Member next() throws IOException {
    in.skip(unread);
    in.skip(TarReader.padding(unread));
    unread = 0;
    TarMember member = tar.next();
    if (member == null) {
      return null;
    }
    unread = member.size();
    return new Member(
        member.type(),
        new Bytes(member.name()),
        new Bytes(member.link()),
        member.size(),
        member.sparse() != null);
  }

  /// Whether the tar ended as it should, with a block of zeros.
  public boolean hadEndMarker() {
    return tar.hadEndMarker();
  }

  /// Reads to the end of the layer; whether any byte other than zero was there.
  public boolean drain() throws IOException {
    return in.drain();
  }

  /// Whether something follows the compressed data, once all is read. Many readers refuse that.
  public boolean hadForeignBytes() {
    return plain.tar() instanceof GzipInput gzip && gzip.hadForeignBytes();
  }

  @Override
  public void close() throws IOException {
    ahead.close();
    plain.close();
  }
}
