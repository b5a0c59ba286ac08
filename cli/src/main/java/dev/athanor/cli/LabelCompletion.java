package dev.athanor.cli;

import dev.athanor.cli.Completion.Candidate;
import dev.athanor.engine.loading.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a label may go on: packages by looking at directories, targets by asking `athanor query`.
///
/// @param directory where the command would work
record LabelCompletion(Terminal terminal, Path directory) {
  /// @param word begins a label, or nothing yet
  List<Candidate> of(String word) {
    Optional<Workspace> workspace = Workspace.search(directory);
    if (workspace.isEmpty() || !(word.isEmpty() || word.startsWith(":") || word.startsWith("//"))) {
      return List.of();
    }
    int colon = word.indexOf(':');
    if (colon >= 0) {
      return targets(word.substring(0, colon + 1), word);
    }
    if (word.isEmpty()) {
      List<Candidate> here = new ArrayList<>(targets(":", ""));
      here.add(new Candidate("//", "from the root of the workspace"));
      return here;
    }
    return packages(workspace.get().root(), word);
  }

  /// @param pkg a package with a colon at its end
  private List<Candidate> targets(String pkg, String word) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Terminal unheard =
        new Terminal(
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
            false,
            80,
            terminal.env(),
            directory);
    int _ = new Main(unheard).run(List.of("query", "--keep-going", pkg + "all"));
    return out.toString(StandardCharsets.UTF_8)
        .lines()
        .map(label -> pkg + label.substring(label.indexOf(':') + 1))
        .filter(label -> label.startsWith(word))
        .map(label -> new Candidate(label, ""))
        .toList();
  }

  /// The directories below the one that the word names, as far as it is complete.
  private static List<Candidate> packages(Path root, String word) {
    String parent = word.substring(0, word.lastIndexOf('/') + 1);
    List<Candidate> candidates = new ArrayList<>();
    if (parent.equals("//") && isPackage(root)) {
      candidates.add(new Candidate("//:", "package"));
    }
    try (DirectoryStream<Path> children =
        Files.newDirectoryStream(root.resolve(parent.substring(2)), Files::isDirectory)) {
      for (Path child : children) {
        String name = parent + child.getFileName();
        if (!name.startsWith(word) || !isSearched(child)) {
          continue;
        }
        if (isPackage(child)) {
          candidates.add(new Candidate(name + ":", "package"));
        }
        if (hasDirectories(child)) {
          candidates.add(new Candidate(name + "/", ""));
        }
      }
    } catch (IOException e) {
      // No such directory, or none that may be read: nothing to offer.
    }
    candidates.sort((a, b) -> a.text().compareTo(b.text()));
    candidates.add(new Candidate(parent + "...", "all targets below"));
    candidates.removeIf(candidate -> !candidate.text().startsWith(word));
    return candidates;
  }

  private static boolean isSearched(Path directory) {
    String name = String.valueOf(directory.getFileName());
    return !name.startsWith(".") && !name.equals(Workspace.OUTPUT_FOLDER);
  }

  private static boolean isPackage(Path directory) {
    return Files.isRegularFile(directory.resolve("BUILD"))
        || Files.isRegularFile(directory.resolve("BUILD.athanor"));
  }

  private static boolean hasDirectories(Path directory) {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory, Files::isDirectory)) {
      for (Path child : children) {
        if (isSearched(child)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      // It may not be read.
      return false;
    }
  }
}
