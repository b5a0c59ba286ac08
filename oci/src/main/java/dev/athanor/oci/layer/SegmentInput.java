package dev.athanor.oci.layer;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Reads a stretch of memory that is not on the heap.
final class SegmentInput extends InputStream {
  private final MemorySegment segment;
  private long at;

  SegmentInput(MemorySegment segment) {
    this.segment = segment;
  }

  @Override
  public int read() {
    return at == segment.byteSize() ? -1 : segment.get(ValueLayout.JAVA_BYTE, at++) & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    int n = (int) Math.min(length, segment.byteSize() - at);
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, at, bytes, offset, n);
    at += n;
    return n == 0 && length > 0 ? -1 : n;
  }
}
