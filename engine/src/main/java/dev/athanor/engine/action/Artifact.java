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

  /// What an action makes. Its path and platform together are unique within a build.
  ///
  /// The path says nothing of the platform, so that an action that comes out the same for two
  /// platforms has the same key for both, and runs once.
  ///
  /// @param owner the target whose action makes it
  /// @param platform the platform that another target wants it for, as
  ///   [dev.athanor.engine.rule.Configuration#imposed] says; empty when it is made for what the
  ///   whole build is for
  record Derived(RelativePath path, Label owner, Kind kind, String platform) implements Artifact {
    /// What will stand there.
    public enum Kind {
      FILE,
      /// A file that may be executed, whatever mode its action left it with.
      EXECUTABLE,
      TREE
    }

    /// The folder of every derived artifact, so that none ever hides a source.
    public static final RelativePath FOLDER = RelativePath.of("out");

    private static final char AT = '@';

    public static Derived of(Label owner, String name, Kind kind) {
      return new Derived(FOLDER.resolve(owner.pkg().resolve(name).text()), owner, kind, "");
    }

    /// The same for a platform that somebody imposes.
    public Derived on(String imposed) {
      return new Derived(path, owner, kind, imposed);
    }

    public static Derived file(Label owner, String name) {
      return of(owner, name, Kind.FILE);
    }

    public static Derived tree(Label owner, String name) {
      return of(owner, name, Kind.TREE);
    }

    /// A path that no other artifact of the build has: the folder of derived artifacts has another
    /// name for each imposed platform.
    public String uniquePath() {
      return platform.isEmpty()
          ? path.text()
          : FOLDER.text()
              + AT
              + platform.replace('/', '+')
              + path.text().substring(FOLDER.text().length());
    }

    /// Reads what [#uniquePath] wrote.
    public static Derived read(String uniquePath, Label owner, Kind kind) {
      int slash = uniquePath.indexOf('/');
      int at = uniquePath.indexOf(AT);
      String imposed =
          at < 0 || at > slash ? "" : uniquePath.substring(at + 1, slash).replace('+', '/');
      RelativePath path = RelativePath.of(FOLDER.text() + uniquePath.substring(slash));
      return new Derived(path, owner, kind, imposed);
    }

    /// The path without the folder of derived artifacts: where people look for it.
    public RelativePath visiblePath() {
      return RelativePath.of(path.text().substring(FOLDER.text().length() + 1));
    }
  }
}
