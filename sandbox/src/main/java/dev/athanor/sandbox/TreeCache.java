package dev.athanor.sandbox;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Directories with the content of trees, laid out once by digest and shown to many runs at a time.
///
/// Each is `<digest>/tree`, complete from the moment it has its name, and never changed. The time
/// of `<digest>` itself says when it was last used. Several JVMs may share a cache: a tree is only
/// let go when it was not used for days, which no run takes.
final class TreeCache {
  private static final Duration KEPT = Duration.ofDays(7);
  private static final Duration NOTED = Duration.ofHours(1);

  private final Path root;
  private final BlobStore blobs;

  /// One lock for each tree that is being laid out.
  private final ConcurrentHashMap<Digest, Object> locks = new ConcurrentHashMap<>();

  private TreeCache(Path root, BlobStore blobs) {
    this.root = root;
    this.blobs = blobs;
  }

  static TreeCache open(Path root, BlobStore blobs) throws IOException {
    return new TreeCache(Files.createDirectories(root).toRealPath(), blobs);
  }

  /// A directory with the tree's content.
  Path tree(Digest digest) throws IOException {
    return get(digest, layout -> layout.put(layout.root(), new Content.Tree(digest)));
  }

  /// A directory with all of `contents`.
  Path of(SortedMap<RelativePath, Content> contents) throws IOException {
    return get(
        InputRoot.of(contents).digest(),
        layout -> {
          for (Map.Entry<RelativePath, Content> entry : contents.entrySet()) {
            layout.put(entry.getKey().under(layout.root()), entry.getValue());
          }
        });
  }

  private interface Filling {
    void fill(Layout layout) throws IOException;
  }

  private Path get(Digest digest, Filling filling) throws IOException {
    Path home = root.resolve(digest.hex());
    Path tree = home.resolve("tree");
    synchronized (locks.computeIfAbsent(digest, _ -> new Object())) {
      if (Files.isDirectory(tree)) {
        noteUse(home);
      } else {
        make(home, filling);
      }
      return tree;
    }
  }

  private static void noteUse(Path home) throws IOException {
    Instant now = Instant.now();
    if (Files.getLastModifiedTime(home).toInstant().isBefore(now.minus(NOTED))) {
      Files.setLastModifiedTime(home, FileTime.from(now));
    }
  }

  private void make(Path home, Filling filling) throws IOException {
    Path temporary = Files.createDirectory(root.resolve("tmp-" + UUID.randomUUID()));
    try {
      Layout layout = new Layout(temporary.resolve("tree"), blobs, true);
      layout.directory(layout.root());
      filling.fill(layout);
      layout.finish();
      Files.move(temporary, home);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(home)) {
        throw e;
      }
      // Another JVM was faster.
      ScratchDirs.delete(temporary);
    } finally {
      if (Files.exists(temporary)) {
        ScratchDirs.delete(temporary);
      }
    }
  }

  /// Lets go what was not used for long, half-made trees of killed JVMs too.
  void trim() {
    Instant oldest = Instant.now().minus(KEPT);
    try (Stream<Path> homes = Files.list(root)) {
      for (Path home : homes.toList()) {
        if (Files.getLastModifiedTime(home).toInstant().isBefore(oldest)) {
          ScratchDirs.delete(home);
        }
      }
    } catch (IOException e) {
      // The next JVM tries again.
    }
  }
}
