package dev.athanor.sandbox;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.DirectoryCache;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;

/// Directories with the content of trees, laid out once and shown to many runs at a time. A tree is
/// only let go when it was not used for days, which no run takes.
final class TreeCache {
  private static final Duration KEPT = Duration.ofDays(7);

  private final DirectoryCache directories;
  private final BlobStore blobs;

  private TreeCache(DirectoryCache directories, BlobStore blobs) {
    this.directories = directories;
    this.blobs = blobs;
  }

  static TreeCache open(Path root, BlobStore blobs) throws IOException {
    Path real = Files.createDirectories(root).toRealPath();
    return new TreeCache(new DirectoryCache(real, ScratchDirs::delete), blobs);
  }

  /// A directory with the tree's content.
  Path tree(Digest digest) throws IOException, InterruptedException {
    return get(digest, layout -> layout.put(layout.root(), new Content.Tree(digest)));
  }

  /// A directory with all of `contents`.
  Path of(SortedMap<RelativePath, Content> contents) throws IOException, InterruptedException {
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

  private Path get(Digest digest, Filling filling) throws IOException, InterruptedException {
    return directories.get(
        digest,
        directory -> {
          Layout layout = new Layout(directory, blobs, true);
          layout.directory(layout.root());
          filling.fill(layout);
          layout.finish();
        });
  }

  /// Lets go what was not used for long.
  void trim() {
    try {
      directories.trim(KEPT);
    } catch (IOException e) {
      // The next JVM tries again.
    }
  }
}
