package dev.athanor.engine.source;

import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The names in a directory, and whether each is a directory itself; a symlink never is.
public record DirectoryListing(Path path) implements FileLeaf<Map<String, Boolean>> {
  @Override
  public Map<String, Boolean> read(@Nullable Map<String, Boolean> previous) {
    Map<String, Boolean> names = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        names.put(
            String.valueOf(entry.getFileName()),
            Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS));
      }
    } catch (IOException e) {
      throw new UserException("cannot list " + path + ": " + e.getMessage(), "", e);
    }
    return names;
  }

  @Override
  public Aspect aspect() {
    return Aspect.LISTING;
  }

  @Override
  public long fingerprint(Map<String, Boolean> names) {
    StringBuilder text = new StringBuilder();
    names.forEach((name, directory) -> text.append(name).append(directory ? "/\n" : "\n"));
    return Digester.fingerprint(text.toString());
  }

  @Override
  public String toString() {
    return "directory " + path;
  }
}
