package dev.athanor.engine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The records that a [Journal] had at one moment. Whatever is appended later is not seen, and
/// nothing that is seen goes away while this is open.
public final class JournalSnapshot implements AutoCloseable {
  private final @Nullable FileChannel channel;
  private final List<Place> places;

  private JournalSnapshot(@Nullable FileChannel channel, List<Place> places) {
    this.channel = channel;
    this.places = places;
  }

  /// Where a record stands. Its body is read on demand.
  public record Place(int tag, long offset, int length, int checksum) {}

  static JournalSnapshot of(Path file) throws IOException {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      return new JournalSnapshot(channel, places(channel));
    } catch (NoSuchFileException e) {
      return new JournalSnapshot(null, List.of());
    }
  }

  /// Every record, in the order in which they were written.
  public List<Place> places() {
    return places;
  }

  /// How many bytes the records take.
  public long size() {
    return places.isEmpty() ? 0 : places.getLast().offset + places.getLast().length;
  }

  /// The body of a record.
  ///
  /// @throws DamagedRecordException when its bytes are not what was written
  public byte[] body(Place place) throws IOException {
    if (channel == null) {
      throw new IllegalArgumentException("no such record: " + place);
    }
    byte[] body = Batch.read(channel, place.offset, place.length).array();
    if (Batch.checksum(body) != place.checksum) {
      throw new DamagedRecordException(place.offset);
    }
    return body;
  }

  private static List<Place> places(FileChannel channel) throws IOException {
    List<Place> places = new ArrayList<>();
    long size = channel.size();
    long start = 0;
    for (long end = Batch.end(channel, 0, size); end >= 0; end = Batch.end(channel, start, size)) {
      long at = start + Batch.FRAME;
      while (at + Batch.HEADER <= end - Batch.FRAME) {
        ByteBuffer header = Batch.read(channel, at, Batch.HEADER);
        Place place =
            new Place(header.getInt(), at + Batch.HEADER, header.getInt(), header.getInt());
        at = place.offset + place.length;
        if (place.length < 0 || at > end - Batch.FRAME) {
          // A power cut damaged the header. The batches behind this one are whole.
          break;
        }
        places.add(place);
      }
      start = end;
    }
    return places;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
