package dev.athanor.oci.rootfs;

import dev.athanor.oci.layer.Attributes;
import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.DeviceNumber;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads through `java.nio.file`: no devices, pipes or extended attributes, and owners and links
/// only where the file system has the view `unix`.
final class PortableReader implements DiskReader {
  private final Path root;

  PortableReader(Path root) {
    this.root = root;
  }

  @Override
  public List<EntryName> list(EntryPath directory) throws IOException {
    List<EntryName> names = new ArrayList<>();
    try (DirectoryStream<Path> stream =
        Files.newDirectoryStream(PortableWriter.resolve(root, directory))) {
      stream.forEach(path -> names.add(EntryName.parse(String.valueOf(path.getFileName()))));
    }
    return names;
  }

  @Override
  public Stat stat(EntryPath path) throws IOException {
    Path file = PortableWriter.resolve(root, path);
    Set<String> views = file.getFileSystem().supportedFileAttributeViews();
    BasicFileAttributes basic =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Map<String, Object> unix =
        views.contains("unix")
            ? Files.readAttributes(file, "unix:uid,gid,ino,nlink", LinkOption.NOFOLLOW_LINKS)
            : Map.of();
    Attributes attributes =
        Attributes.of(
            mode(file, basic, views),
            number(unix, "uid", 0),
            number(unix, "gid", 0),
            basic.lastModifiedTime().toInstant());
    return new Stat(
        kind(basic),
        attributes,
        basic.size(),
        0,
        number(unix, "ino", 0),
        (int) number(unix, "nlink", 1),
        0,
        new DeviceNumber(DeviceNumber.Kind.CHARACTER, 0, 0));
  }

  private static int mode(Path file, BasicFileAttributes basic, Set<String> views)
      throws IOException {
    if (!views.contains("posix")) {
      return basic.isDirectory() ? 0755 : 0644;
    }
    return PosixModes.mode(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
  }

  private static long number(Map<String, Object> attributes, String name, long otherwise) {
    return attributes.get(name) instanceof Number number ? number.longValue() : otherwise;
  }

  private static Stat.Kind kind(BasicFileAttributes basic) {
    if (basic.isDirectory()) {
      return Stat.Kind.DIRECTORY;
    } else if (basic.isSymbolicLink()) {
      return Stat.Kind.SYMLINK;
    }
    return basic.isRegularFile() ? Stat.Kind.FILE : Stat.Kind.SOCKET;
  }

  @Override
  public SortedMap<Bytes, Bytes> xattrs(EntryPath path) {
    return new TreeMap<>();
  }

  @Override
  public Bytes readLink(EntryPath path) throws IOException {
    return Bytes.utf8(Files.readSymbolicLink(PortableWriter.resolve(root, path)).toString());
  }

  @Override
  public InputStream open(EntryPath path) throws IOException {
    return Files.newInputStream(PortableWriter.resolve(root, path), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void close() {}
}
