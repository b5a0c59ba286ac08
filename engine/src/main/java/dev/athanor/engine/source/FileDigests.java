package dev.athanor.engine.source;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.engine.journal.Journal;
import dev.athanor.engine.journal.JournalSnapshot;
import dev.athanor.engine.journal.RecordReader;
import dev.athanor.engine.journal.RecordWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Digests of files by path and stamp, kept in a journal between builds. Losing it costs time,
/// never correctness.
///
/// What is new is appended; of several entries for a path the last one counts. The journal is read
/// when somebody first asks for a digest, so that a build that knows its files otherwise never
/// does.
final class FileDigests {
  private static final int ENTRIES = 'F';

  /// How many outdated entries a journal may hold before it is written anew.
  private static final int MAX_OUTDATED = 10_000;

  private record Entry(long stamp, Digest digest) {}

  private final Journal journal;
  private final Map<String, Entry> fresh = new ConcurrentHashMap<>();
  private final Map<String, Entry> known = new ConcurrentHashMap<>();
  private volatile boolean loaded;
  private int entriesRead;

  FileDigests(Path file) {
    journal = new Journal(file);
  }

  Optional<Digest> get(String path, FileStamp stamp) {
    Entry entry = fresh.get(path);
    if (entry == null) {
      load();
      entry = known.get(path);
    }
    return entry != null && entry.stamp == stamp.fingerprint()
        ? Optional.of(entry.digest)
        : Optional.empty();
  }

  void put(String path, FileStamp stamp, Digest digest) {
    fresh.put(path, new Entry(stamp.fingerprint(), digest));
  }

  /// Writes down what is new.
  void save() throws IOException {
    if (fresh.isEmpty()) {
      return;
    }
    Map<String, Entry> added = new TreeMap<>(fresh);
    if (loaded && entriesRead > known.size() + MAX_OUTDATED) {
      known.putAll(added);
      journal.replace(_ -> List.of(encode(known)));
    } else {
      journal.append(_ -> List.of(encode(added)));
    }
    known.putAll(added);
    fresh.clear();
  }

  private void load() {
    if (!loaded) {
      synchronized (this) {
        if (!loaded) {
          read();
          loaded = true;
        }
      }
    }
  }

  private void read() {
    try (JournalSnapshot snapshot = journal.open()) {
      for (JournalSnapshot.Place place : snapshot.places()) {
        if (place.tag() == ENTRIES) {
          decode(snapshot.body(place));
        }
      }
    } catch (IOException e) {
      // What could not be read is digested again.
    }
  }

  private static Journal.Entry encode(Map<String, Entry> entries) {
    RecordWriter out = new RecordWriter();
    out.putInt(entries.size());
    new TreeMap<>(entries)
        .forEach((path, entry) -> {
          out.putString(path).putLong(entry.stamp).putLong(entry.digest.size());
          out.putRaw(entry.digest.hash().bytes(), Sha256.BYTES);
        });
    return new Journal.Entry(ENTRIES, out.toBytes());
  }

  private void decode(byte[] bytes) {
    RecordReader in = new RecordReader(bytes);
    for (int left = in.getInt(); left > 0; left--) {
      entriesRead++;
      String path = in.getString();
      long stamp = in.getLong();
      long size = in.getLong();
      known.put(path, new Entry(stamp, new Digest(Sha256.of(in.getRaw(Sha256.BYTES)), size)));
    }
  }
}
