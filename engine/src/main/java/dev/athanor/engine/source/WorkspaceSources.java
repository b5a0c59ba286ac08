package dev.athanor.engine.source;

import dev.athanor.engine.UserException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The files below a workspace's root.
///
/// A file is copied into the store and digested in one pass, so its digest is always that of the
/// bytes that actions see. What is known of a file is trusted only while its stamp is the same and
/// the store still has its blob.
public final class WorkspaceSources implements Sources {
  private final Path root;
  private final BlobStore blobs;
  private final FileDigests digests;
  private final boolean unix;

  /// @param memory a file that keeps digests between builds
  public WorkspaceSources(Path root, BlobStore blobs, Path memory) {
    this.root = root;
    this.blobs = blobs;
    this.digests = new FileDigests(memory);
    this.unix = root.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  @Override
  public Content content(RelativePath path) throws IOException {
    return content(path, false);
  }

  @Override
  public Content restore(RelativePath path) throws IOException {
    return content(path, true);
  }

  /// Remembers for the next build what was digested in this one.
  public void save() throws IOException {
    digests.save();
  }

  private Content content(RelativePath path, boolean afresh) throws IOException {
    Path file = path.under(root);
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw new UserException("no such file in the workspace: " + path);
    }
    return attributes.isDirectory() ? tree(file, afresh) : file(file, afresh);
  }

  private Content.File file(Path file, boolean afresh) throws IOException {
    String path = root.relativize(file).toString();
    FileStamp before = FileStamp.of(file, unix);
    Optional<Digest> known = afresh ? Optional.empty() : digests.get(path, before);
    if (known.isPresent() && blobs.contains(known.get())) {
      return new Content.File(known.get(), before.executable());
    }
    long now = FileStamp.now();
    Digest digest = blobs.put(file);
    FileStamp after = FileStamp.of(file, unix);
    if (after.equals(before) && after.settled(now)) {
      digests.put(path, after, digest);
    }
    return new Content.File(digest, after.executable());
  }

  private Content.Tree tree(Path directory, boolean afresh) throws IOException {
    Map<RelativePath, Content> children = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        children.put(RelativePath.between(directory, entry), child(entry, afresh));
      }
    }
    InputRoot tree = InputRoot.of(children);
    tree.store(blobs);
    return new Content.Tree(tree.digest());
  }

  /// Within a directory symlinks stay what they are.
  private Content child(Path entry, boolean afresh) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isSymbolicLink()) {
      return new Content.Symlink(Files.readSymbolicLink(entry).toString());
    }
    return attributes.isDirectory() ? tree(entry, afresh) : file(entry, afresh);
  }
}
