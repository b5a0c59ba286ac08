package dev.athanor.actions;

import dev.athanor.engine.action.ActionContext;
import dev.athanor.engine.action.ActionException;
import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Lists files of the host, one a line: digest, whether it is a program, path. The parameter
/// `paths` names files and directories, each with a line of its own.
///
/// Commands that see these files have the list among their inputs. It is made anew in every build,
/// because nobody tells when they change.
final class HostFiles implements ActionType {
  private final Path root;

  /// @param root of the host's file system
  HostFiles(Path root) {
    this.root = root;
  }

  @Override
  public String id() {
    return "host.files";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Resource resource() {
    return Resource.DISK;
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public void run(ActionContext context) throws IOException {
    Set<String> lines = new TreeSet<>();
    for (String path : context.action().params().getOrDefault("paths", "").lines().toList()) {
      Path file = root.resolve(path.substring(1));
      if (!Files.exists(file)) {
        throw new ActionException(
            "this host has no " + path, "install it here, or take it out of 'paths'");
      }
      list(file, lines);
      if (!file.toRealPath().equals(file)) {
        // What a link leads to is visible with it.
        list(file.toRealPath(), lines);
      }
    }
    byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    context.write(context.action().outputs().getFirst(), text);
  }

  private void list(Path file, Set<String> lines) throws IOException {
    if (!Files.isReadable(file) && !Files.isSymbolicLink(file)) {
      throw new ActionException(
          "/" + root.relativize(file) + " cannot be read", "a command could not read it either");
    }
    String path = "/" + root.relativize(file);
    if (Files.isSymbolicLink(file)) {
      lines.add("link " + Files.readSymbolicLink(file) + " " + path);
    } else if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      lines.add("directory - " + path);
      try (Stream<Path> entries = Files.list(file)) {
        for (Path entry : entries.toList()) {
          list(entry, lines);
        }
      }
    } else if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      String kind = Files.isExecutable(file) ? "program " : "file ";
      try (InputStream in = Files.newInputStream(file)) {
        lines.add(kind + Digester.digest(in).hex() + " " + path);
      }
    } else {
      throw new ActionException(
          path + " is neither a file nor a directory", "name what is beside it in 'paths' instead");
    }
  }
}
