package dev.athanor.oci.diff;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.athanor.engine.diff.Data;
import dev.athanor.engine.diff.Difference.Aspect;
import dev.athanor.engine.diff.Field;
import dev.athanor.engine.diff.Wrapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Zstandard, RFC 8878: any number of frames, which hold one file together.
///
/// It stands here and not with the general formats because the engine does without zstd.
final class ZstdFormat implements Wrapper {
  private static final byte[] MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
  private static final int HEADER = MAGIC.length + 1;
  private static final int HAS_CHECKSUM = 4;
  private static final int SINGLE_SEGMENT = 0x20;
  private static final int BUFFER = 64 * 1024;

  @Override
  public String name() {
    return "zstd";
  }

  @Override
  public boolean recognises(Data data) throws IOException {
    return data.startsWith(MAGIC);
  }

  /// Of the first frame.
  @Override
  public List<Field> fields(Data data) throws IOException {
    int flags = data.bytes(MAGIC.length, 1)[0] & 0xff;
    boolean checked = (flags & HAS_CHECKSUM) != 0;
    boolean sized = (flags & SINGLE_SEGMENT) != 0 || flags >> 6 != 0;
    return List.of(
        new Field("checksum", Aspect.ENCODING, checked ? "yes" : "no"),
        new Field("content size", Aspect.ENCODING, sized ? "known" : "unknown"));
  }

  @Override
  public long headerLength(Data data) {
    return HEADER;
  }

  @Override
  public InputStream unwrap(Data data) throws IOException {
    return new ZstdInputStreamNoFinalizer(new BufferedInputStream(data.open(), BUFFER));
  }
}
