package dev.athanor.engine.tree;

import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.DirectoryNode;
import build.bazel.remote.execution.v2.FileNode;
import build.bazel.remote.execution.v2.SymlinkNode;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Sha256;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Reads trees back, and moves them between a [BlobStore] and a disk.
///
/// Nobody vouches for a directory that came from elsewhere. One that is damaged, or was made to do
/// damage, is as good as lost: it is a [MissingBlobException] to whoever reads it.
public final class Trees {
  /// Deeper than anything that people build from, and shallow enough to walk down.
  public static final int MAX_DEPTH = 256;

  private Trees() {}

  /// Every file, symlink and empty directory of the tree, by its path below the tree's root, in
  /// path order. An empty directory stands as a [Content.Tree]; other directories are implied by
  /// what is in them.
  public static Map<RelativePath, Content> leaves(Digest tree, BlobStore blobs) throws IOException {
    Map<RelativePath, Content> leaves = new TreeMap<>();
    collect(RelativePath.ROOT, 0, tree, blobs, leaves);
    return leaves;
  }

  private static void collect(
      RelativePath at, int depth, Digest tree, BlobStore blobs, Map<RelativePath, Content> leaves)
      throws IOException {
    checkDepth(depth, tree);
    Directory directory = directory(tree, blobs);
    for (FileNode file : directory.getFilesList()) {
      leaves.put(
          at.resolve(file.getName()),
          new Content.File(digest(file.getDigest()), file.getIsExecutable()));
    }
    for (SymlinkNode link : directory.getSymlinksList()) {
      leaves.put(at.resolve(link.getName()), new Content.Symlink(link.getTarget()));
    }
    for (DirectoryNode child : directory.getDirectoriesList()) {
      collect(at.resolve(child.getName()), depth + 1, digest(child.getDigest()), blobs, leaves);
    }
    boolean empty =
        directory.getFilesCount() + directory.getSymlinksCount() + directory.getDirectoriesCount()
            == 0;
    if (empty && !at.isRoot()) {
      leaves.put(at, new Content.Tree(tree));
    }
  }

  /// Whether every blob of it is in the store.
  public static boolean isHere(Content content, BlobStore blobs) throws IOException {
    Set<Digest> needed = new HashSet<>();
    try {
      addBlobs(content, blobs, needed);
    } catch (MissingBlobException e) {
      return false;
    }
    return blobs.missing(needed).isEmpty();
  }

  /// Adds the digests of every blob that it takes to lay the content out: of files, and of a tree's
  /// directories.
  ///
  /// @throws MissingBlobException when a directory is damaged or not in the store, so that nobody
  ///   knows
  public static void addBlobs(Content content, BlobStore blobs, Set<Digest> to) throws IOException {
    switch (content) {
      case Content.File(var digest, _) -> to.add(digest);
      case Content.Symlink _ -> {}
      case Content.Tree(var digest) -> {
        blobs.bringTree(digest);
        addDirectory(digest, 0, blobs, to);
      }
    }
  }

  /// Brings near what is about to be laid out or read, as far as its blobs are no larger.
  ///
  /// @throws MissingBlobException when a directory is not in the store
  public static void bring(Collection<Content> contents, long largest, BlobStore blobs)
      throws IOException {
    if (!blobs.mayBeFar()) {
      return;
    }
    Set<Digest> needed = new HashSet<>();
    for (Content content : contents) {
      addBlobs(content, blobs, needed);
    }
    needed.removeIf(digest -> digest.size() > largest);
    blobs.bring(needed);
  }

  private static void addDirectory(Digest tree, int depth, BlobStore blobs, Set<Digest> to)
      throws IOException {
    checkDepth(depth, tree);
    if (to.add(tree)) {
      Directory directory = directory(tree, blobs);
      directory.getFilesList().forEach(file -> to.add(digest(file.getDigest())));
      for (DirectoryNode child : directory.getDirectoriesList()) {
        addDirectory(digest(child.getDigest()), depth + 1, blobs, to);
      }
    }
  }

  /// The `Directory` message of that digest. Its names are names, each there once, and its digests
  /// are digests.
  ///
  /// @throws MissingBlobException when it is not in the store, or is none
  public static Directory directory(Digest digest, BlobStore blobs) throws IOException {
    byte[] bytes = digest.size() == 0 ? new byte[0] : blobs.read(digest);
    try {
      Directory directory = Directory.parseFrom(bytes);
      check(directory);
      return directory;
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw damaged(digest, e);
    }
  }

  /// A name that is there twice would be a symlink and, behind it, a directory anywhere.
  private static void check(Directory directory) {
    Set<String> names = new HashSet<>();
    for (FileNode file : directory.getFilesList()) {
      checkName(file.getName(), names);
      var _ = digest(file.getDigest());
    }
    for (SymlinkNode link : directory.getSymlinksList()) {
      checkName(link.getName(), names);
      if (link.getTarget().indexOf('\0') >= 0) {
        throw new IllegalArgumentException("no target of a symlink: " + link.getTarget());
      }
    }
    for (DirectoryNode child : directory.getDirectoriesList()) {
      checkName(child.getName(), names);
      var _ = digest(child.getDigest());
    }
  }

  private static void checkName(String name, Set<String> names) {
    if (!RelativePath.isName(name) || !names.add(name)) {
      throw new IllegalArgumentException("no name of its own: '" + name + "'");
    }
  }

  private static void checkDepth(int depth, Digest tree) throws MissingBlobException {
    if (depth > MAX_DEPTH) {
      throw damaged(tree, new IOException("it lies below too many directories"));
    }
  }

  private static MissingBlobException damaged(Digest directory, Exception why) {
    MissingBlobException damaged = new MissingBlobException(directory);
    damaged.initCause(why);
    return damaged;
  }

  /// The digest that a message carries.
  public static Digest digest(build.bazel.remote.execution.v2.Digest wire) {
    return new Digest(Sha256.parse(wire.getHash()), wire.getSizeBytes());
  }

  /// The message that carries `digest`.
  public static build.bazel.remote.execution.v2.Digest wire(Digest digest) {
    return InputRoot.wire(digest);
  }

  /// Copies what stands at `path` into `blobs`: a file with its executable bit, a symlink as it is,
  /// a directory as a tree. Times, owners and other mode bits are dropped.
  ///
  /// @throws java.nio.file.NoSuchFileException when nothing is there
  public static Content capture(Path path, BlobStore blobs) throws IOException {
    return capture(path, blobs, blobs::put);
  }

  /// How the bytes of a file come into a store. The file may be gone afterwards.
  @FunctionalInterface
  public interface Storing {
    Digest store(Path file) throws IOException;
  }

  /// The same, with another way to store files.
  public static Content capture(Path path, BlobStore blobs, Storing storing) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isSymbolicLink()) {
      return new Content.Symlink(Files.readSymbolicLink(path).toString());
    }
    if (attributes.isRegularFile()) {
      boolean executable = isExecutable(path);
      return new Content.File(storing.store(path), executable);
    }
    if (!attributes.isDirectory()) {
      throw new IOException("not a file, directory or symlink: " + path);
    }
    Map<RelativePath, Content> children = new HashMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        children.put(RelativePath.between(path, entry), capture(entry, blobs, storing));
      }
    }
    InputRoot root = InputRoot.of(children);
    root.store(blobs);
    return new Content.Tree(root.digest());
  }

  /// Whether the owner may execute the file. Elsewhere than on POSIX systems no file is executable.
  public static boolean isExecutable(Path path) throws IOException {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return false;
    }
    return Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)
        .contains(PosixFilePermission.OWNER_EXECUTE);
  }
}
