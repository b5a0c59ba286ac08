package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.loading.Workspace;
import dev.athanor.engine.source.FileChanges;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// `athanor watch`: runs another command, and again whenever a file changes that it has looked at.
///
/// @param watched the command to run; absent where only this one's description is wanted
record WatchCommand(Optional<Invocation> watched) implements Command {
  static final String NAME = "watch";

  /// How many changed files are named.
  private static final int NAMED = 3;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String usage() {
    return "COMMAND [FLAGS] [TARGETS]";
  }

  @Override
  public String summary() {
    return "Runs a command, and again whenever a file that it looked at changes.";
  }

  @Override
  public String description() {
    return """
    For example: athanor watch test //... - Ctrl-C ends it. Sources, BUILD files, directories that
    are globbed, and the WORKSPACE are watched; whatever else happens in the workspace is not
    noticed. A file that changes while the command runs makes it run once more afterwards.\
    """;
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException, InterruptedException {
    Invocation command =
        watched.orElseThrow(() ->
            new UserException("watch needs a command", "for example: athanor watch build //..."));
    Workspace workspace =
        Workspace.find(GlobalFlags.directory(invocation.options(), invocation.terminal()));
    Path root = workspace.root();
    PrintStream err = invocation.terminal().err();
    Looked looked = new Looked();
    Main main = new Main(invocation.terminal());
    try (FileChanges changes = FileChanges.open(root.resolve(Workspace.OUTPUT_FOLDER))) {
      while (true) {
        Instant begin = Instant.now();
        int code = main.run(command.telling(looked::at));
        if (code == ExitCode.INTERRUPTED.number()) {
          return ExitCode.INTERRUPTED;
        }
        if (looked.files.isEmpty() && code == 0) {
          throw new UserException(
              command.command().name() + " looks at no files", "watch build, test or publish");
        }
        List<FileChanges.Watched> all = new ArrayList<>(looked.files);
        all.add(new FileChanges.Watched(workspace.file(), false));
        Set<Path> changed = changes.watch(all, begin);
        if (changed.isEmpty()) {
          err.println(
              "watching "
                  + looked.files.size()
                  + " files in "
                  + changes.directoryCount()
                  + " directories");
          err.flush();
          changed = changes.await();
        }
        err.println("changed: " + names(changed, root));
      }
    }
  }

  /// What the command has looked at. One that failed before it looked at anything is to run again
  /// when what it looked at before changes.
  private static final class Looked {
    private Collection<FileChanges.Watched> files = List.of();

    void at(Collection<FileChanges.Watched> now) {
      if (!now.isEmpty()) {
        files = now;
      }
    }
  }

  private static String names(Set<Path> changed, Path root) {
    if (changed.isEmpty()) {
      return "more than can be told";
    }
    String names =
        changed.stream()
            .limit(NAMED)
            .map(path -> path.startsWith(root) ? root.relativize(path).toString() : path.toString())
            .collect(Collectors.joining(", "));
    int more = changed.size() - NAMED;
    return more > 0 ? names + " and " + more + " more" : names;
  }
}
