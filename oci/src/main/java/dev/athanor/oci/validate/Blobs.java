package dev.athanor.oci.validate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The blobs of a layout, which promise their content by their names.
final class Blobs {
  private final Path root;
  private final Findings findings;
  private final Set<String> present = new TreeSet<>();
  private final Set<String> damaged = new HashSet<>();
  private final Set<String> reached = new HashSet<>();

  Blobs(Path layout, Findings findings) {
    this.root = layout.resolve("blobs");
    this.findings = findings;
  }

  /// Looks at every blob, whether or not anything names it.
  void check() throws IOException {
    if (!Files.isDirectory(root)) {
      findings.add(Rule.LAYOUT_BLOBS, "blobs", "is no directory");
      return;
    }
    for (Path algorithm : sorted(root)) {
      if (!Files.isDirectory(algorithm)) {
        refuseName(algorithm);
        continue;
      }
      for (Path blob : sorted(algorithm)) {
        check(blob, algorithm.getFileName() + ":" + blob.getFileName());
      }
    }
  }

  private void check(Path blob, String digest) throws IOException {
    if (!Files.isRegularFile(blob)
        || !Grammar.isDigest(digest)
        || !Grammar.isEncodedRight(digest)) {
      refuseName(blob);
      return;
    }
    present.add(digest);
    Optional<ContentHash> hash = ContentHash.of(Grammar.algorithm(digest));
    if (hash.isEmpty()) {
      return;
    }
    copy(blob, hash.get());
    String actual = Grammar.algorithm(digest) + ":" + hash.get().hex();
    if (!actual.equals(digest)) {
      damaged.add(digest);
      findings.add(Rule.BLOB_DIGEST, digest, "the content is that of " + actual);
    }
  }

  private static void copy(Path blob, OutputStream out) throws IOException {
    try (InputStream in = Files.newInputStream(blob)) {
      in.transferTo(out);
    }
  }

  private void refuseName(Path file) {
    findings.add(
        Rule.BLOB_NAME,
        "blobs/" + root.relativize(file),
        "is no file at ALGORITHM/ENCODED with the digits of a digest");
  }

  /// The file of a blob that something names, if it is there with the right content.
  ///
  /// @param mayBeAbsent whether that is no breach
  @Nullable Path find(Target target, boolean mayBeAbsent) throws IOException {
    String digest = target.digest();
    reached.add(digest);
    if (!present.contains(digest)) {
      if (!mayBeAbsent) {
        findings.add(Rule.BLOB_MISSING, digest, "is not there");
      }
      return null;
    }
    Path file = root.resolve(digest.replace(':', '/'));
    if (Files.size(file) != target.size()) {
      findings.add(
          Rule.BLOB_SIZE,
          digest,
          "a descriptor says " + target.size() + " bytes, it has " + Files.size(file));
    }
    return damaged.contains(digest) ? null : file;
  }

  /// Reports what [#find] was never asked for.
  void checkReached() {
    for (String digest : present) {
      if (!reached.contains(digest)) {
        findings.add(Rule.LAYOUT_STRAY, digest, "no index leads to it");
      }
    }
  }

  private static Iterable<Path> sorted(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
