package dev.athanor.engine.action;

import dev.athanor.engine.label.Label;
import dev.athanor.engine.tree.RelativePath;

/// A file or tree that an action reads or makes, before anyone knows its content.
public sealed interface Artifact {
  /// Where it stands for an action that reads it, below the action's root.
  RelativePath path();

  /// The first word of a command that runs it: never a name that would be looked for in `PATH`.
  default String asProgram() {
    String text = path().text();
    return text.contains("/") ? text : "./" + text;
  }

  /// A file, directory or symlink of the workspace.
  record Source(RelativePath path) implements Artifact {}

  /// What an action makes. Its path is unique within a build.
  ///
  /// @param owner the target whose action makes it
  record Derived(RelativePath path, Label owner, Kind kind) implements Artifact {
    /// What will stand there.
    public enum Kind {
      FILE,
      /// A file that may be executed, whatever mode its action left it with.
      EXECUTABLE,
      TREE
    }

    /// The folder of every derived artifact, so that none ever hides a source.
    public static final RelativePath FOLDER = RelativePath.of("out");

    public static Derived of(Label owner, String name, Kind kind) {
      return new Derived(FOLDER.resolve(owner.pkg().resolve(name).text()), owner, kind);
    }

    public static Derived file(Label owner, String name) {
      return of(owner, name, Kind.FILE);
    }

    public static Derived tree(Label owner, String name) {
      return of(owner, name, Kind.TREE);
    }

    /// The path without the folder of derived artifacts: where people look for it.
    public RelativePath visiblePath() {
      return RelativePath.of(path.text().substring(FOLDER.text().length() + 1));
    }
  }
}
