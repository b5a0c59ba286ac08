package dev.athanor.engine.history;

import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import dev.athanor.engine.journal.RecordReader;
import dev.athanor.engine.journal.RecordWriter;
import dev.athanor.engine.tree.Content;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A [Content], or none, for each of a row of things: in half the memory that objects would take,
/// and written down in one piece. Not safe for use by several threads while one of them writes.
final class ContentTable {
  private static final byte NONE = 0;
  private static final byte FILE = 1;
  private static final byte EXECUTABLE = 2;
  private static final byte TREE = 3;
  private static final byte SYMLINK = 4;

  /// Four of the hash, one of the size.
  private static final int WORDS = 5;

  private final byte[] kinds;
  private final long[] words;

  /// Targets of symlinks. There are few: an action that makes a symlink is rare.
  private final Map<Integer, String> links = new HashMap<>();

  ContentTable(int size) {
    this(new byte[size], new long[size * WORDS]);
  }

  private ContentTable(byte[] kinds, long[] words) {
    this.kinds = kinds;
    this.words = words;
  }

  @Nullable Content get(int row) {
    return switch (kinds[row]) {
      case NONE -> null;
      case FILE -> new Content.File(digest(row), false);
      case EXECUTABLE -> new Content.File(digest(row), true);
      case TREE -> new Content.Tree(digest(row));
      default -> new Content.Symlink(links.getOrDefault(row, ""));
    };
  }

  private Digest digest(int row) {
    int at = row * WORDS;
    return new Digest(
        new Sha256(words[at], words[at + 1], words[at + 2], words[at + 3]), words[at + 4]);
  }

  void set(int row, @Nullable Content content) {
    switch (content) {
      case null -> set(row, NONE, null);
      case Content.File(var digest, var executable) ->
          set(row, executable ? EXECUTABLE : FILE, digest);
      case Content.Tree(var digest) -> set(row, TREE, digest);
      case Content.Symlink(var target) -> {
        set(row, SYMLINK, null);
        links.put(row, target);
      }
    }
  }

  private void set(int row, byte kind, @Nullable Digest digest) {
    int at = row * WORDS;
    if (kinds[row] == SYMLINK) {
      links.remove(row);
    }
    kinds[row] = kind;
    if (digest == null) {
      Arrays.fill(words, at, at + WORDS, 0);
    } else {
      Sha256 hash = digest.hash();
      words[at] = hash.word0();
      words[at + 1] = hash.word1();
      words[at + 2] = hash.word2();
      words[at + 3] = hash.word3();
      words[at + 4] = digest.size();
    }
  }

  /// All rows.
  void writeTo(RecordWriter out) {
    out.putRaw(kinds, kinds.length).putLongs(words, words.length);
    out.putInt(links.size());
    links.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(link -> out.putInt(link.getKey()).putString(link.getValue()));
  }

  static ContentTable read(int size, RecordReader in) {
    ContentTable table = new ContentTable(in.getRaw(size), in.getLongs(size * WORDS));
    for (int left = in.getInt(); left > 0; left--) {
      table.links.put(in.getInt(), in.getString());
    }
    return table;
  }

  /// One row.
  void writeRow(int row, RecordWriter out) {
    out.putByte(kinds[row]);
    switch (kinds[row]) {
      case NONE -> {}
      case SYMLINK -> out.putString(links.getOrDefault(row, ""));
      default -> {
        for (int word = 0; word < WORDS; word++) {
          out.putLong(words[row * WORDS + word]);
        }
      }
    }
  }

  void readRow(int row, RecordReader in) {
    byte kind = (byte) in.getByte();
    set(row, kind, null);
    switch (kind) {
      case NONE -> {}
      case SYMLINK -> links.put(row, in.getString());
      default -> {
        for (int word = 0; word < WORDS; word++) {
          words[row * WORDS + word] = in.getLong();
        }
      }
    }
  }
}
