package dev.athanor.oci.rootfs;

import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Contents;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/// Writes through `java.nio.file`: names must be UTF-8, files belong to whoever writes them, and
/// devices and pipes become empty files.
final class PortableWriter implements DiskWriter {
  private final Path root;
  private final Set<String> notes = new ConcurrentSkipListSet<>();

  PortableWriter(Path root, Materialize.Owners owners) throws IOException {
    if (owners == Materialize.Owners.REAL) {
      throw new IOException(root + ": owners cannot be set on this file system");
    }
    this.root = root;
  }

  /// The path in the file system of `root`.
  static Path resolve(Path root, EntryPath path) throws IOException {
    Path resolved = root;
    for (EntryName name : path.names()) {
      try {
        resolved = resolved.resolve(utf8(name.bytes()));
      } catch (CharacterCodingException e) {
        throw new IOException(path + ": this file system has no names that are not UTF-8", e);
      }
    }
    return resolved;
  }

  private static String utf8(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  @Override
  public void makeDirectory(EntryPath path) throws IOException {
    Files.createDirectory(resolve(root, path));
  }

  @Override
  public void finishDirectory(EntryPath path, Attributes attributes) throws IOException {
    finish(resolve(root, path), attributes);
  }

  @Override
  public void makeLeaf(EntryPath path, Node.Leaf leaf, Contents contents) throws IOException {
    Path file = resolve(root, path);
    switch (leaf) {
      case Node.File(var attributes, _, var content) -> {
        makeFile(file, content, contents);
        finish(file, attributes);
      }
      case Node.Symlink(_, _, var target) ->
          Files.createSymbolicLink(file, file.getFileSystem().getPath(utf8(target.toArray())));
      case Node.Device(var attributes, _, _) -> {
        makeFile(file, Digest.EMPTY, contents);
        finish(file, attributes);
      }
      case Node.Fifo(var attributes, _) -> {
        notes.add("pipes such as " + path + " became empty files");
        makeFile(file, Digest.EMPTY, contents);
        finish(file, attributes);
      }
    }
  }

  @Override
  public void makeLink(EntryPath path, EntryPath existing) throws IOException {
    Files.createLink(resolve(root, path), resolve(root, existing));
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }

  @Override
  public void close() {}

  private static void makeFile(Path file, Digest content, Contents contents) throws IOException {
    try (InputStream in = contents.open(content);
        var out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      in.transferTo(out);
    }
  }

  private static void finish(Path path, Attributes attributes) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setAttribute(
          path,
          "posix:permissions",
          PosixModes.permissions(attributes.mode()),
          LinkOption.NOFOLLOW_LINKS);
    }
    Files.setLastModifiedTime(path, FileTime.from(attributes.mtime()));
  }
}
