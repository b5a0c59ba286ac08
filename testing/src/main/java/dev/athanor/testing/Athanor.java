package dev.athanor.testing;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.UserException;
import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.oci.rootfs.DeleteTree;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A workspace to build in, for tests: its files, how it builds, and what becomes of its targets.
///
/// Each has a cache of its own that is empty in the beginning and goes when it is closed, unless
/// [#cache] says otherwise. Registries and the network are refused unless [#online] allows them.
/// How it builds is said before the first build.
///
/// ```java
/// try (Athanor athanor = Athanor.inMemory()) {
///   athanor.file("BUILD", "filegroup(name = 'x')");
///   assertThat(athanor.target("//:x")).builds();
/// }
/// ```
///
/// Safe for use by many threads, one of which builds at a time.
public final class Athanor implements AutoCloseable {
  private final boolean writable;
  private final Closeable end;
  private Settings settings;
  private @Nullable Builder builder;
  private BiConsumer<String, String> notes = (_, _) -> {};

  private Athanor(Settings settings, boolean writable, Closeable end) {
    this.settings = settings;
    this.writable = writable;
    this.end = end;
  }

  /// An empty workspace in memory: nothing touches a disk. For targets that take nothing but
  /// built-in actions, such as images from nothing; no command runs here.
  public static Athanor inMemory() {
    FileSystem files =
        Jimfs.newFileSystem(
            Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
    return empty(files.getPath("/athanor"), files);
  }

  /// An empty workspace in a temporary folder, which goes when this is closed.
  public static Athanor temporary() {
    Path folder = temporaryFolder();
    return empty(folder, () -> DeleteTree.delete(folder));
  }

  /// A copy of a workspace, in a temporary folder.
  ///
  /// @param workspace the folder that has the WORKSPACE file
  public static Athanor copyOf(Path workspace) {
    Path root = Folders.workspace(workspace);
    return temporary().copy(root);
  }

  /// A workspace as it stands there. It is only read: outputs and caches are kept in a temporary
  /// folder.
  ///
  /// @param workspace the folder that has the WORKSPACE file
  public static Athanor inPlace(Path workspace) {
    Path root = Folders.workspace(workspace);
    Path folder = temporaryFolder();
    return new Athanor(Settings.of(root, folder), false, () -> DeleteTree.delete(folder));
  }

  private static Athanor empty(Path folder, Closeable end) {
    Settings settings = Settings.of(folder.resolve("workspace"), folder);
    return new Athanor(settings, true, end).file("WORKSPACE", "");
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("athanor-test-").toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Keeps blobs and results in a folder, for tests that share them or for later runs.
  public Athanor cache(Path folder) {
    return with(settings().withCache(folder.toAbsolutePath()));
  }

  /// Runs commands in the sandbox of that name, as `--sandbox` has it, and not in the best one that
  /// works here.
  public Athanor sandbox(String name) {
    if (!settings().runsCommands()) {
      throw new IllegalStateException("a workspace in memory has no sandbox");
    }
    return sandbox(Settings.sandbox(name));
  }

  Athanor sandbox(Function<Path, Sandbox> made) {
    return with(settings().withSandbox(made));
  }

  /// Lets actions ask registries, without credentials, and commands that want it use the network.
  public Athanor online() {
    return with(settings().withNetwork());
  }

  /// As `--define` does.
  public Athanor define(String flag, String value) {
    return with(settings().withFlag(flag, value));
  }

  /// Builds for another platform than `linux/amd64`, or than the workspace's default: for one that
  /// the workspace names, or one such as `linux/arm64`.
  public Athanor platform(String name) {
    return with(settings().withPlatform(name));
  }

  private synchronized Settings settings() {
    return settings;
  }

  private synchronized Athanor with(Settings other) {
    if (builder != null) {
      throw new IllegalStateException("something was built here already: say that before");
    }
    settings = other;
    return this;
  }

  /// Where the WORKSPACE file lies.
  public Path root() {
    return settings().root();
  }

  /// Writes a file, replacing what was there.
  public Athanor file(String path, String text) {
    Folders.write(place(path), text, false);
    return this;
  }

  /// Writes a file that may be executed.
  public Athanor program(String path, String text) {
    Folders.write(place(path), text, true);
    return this;
  }

  /// Copies all that is in a folder, replacing what was there.
  public Athanor copy(Path folder) {
    Folders.copy(folder, place(""));
    return this;
  }

  private Path place(String path) {
    if (!writable) {
      throw new IllegalStateException(
          "the workspace " + root() + " is used in place and is not written to: copy it");
    }
    Path place = root().resolve(path).normalize();
    if (!place.startsWith(root())) {
      throw new IllegalArgumentException(path + " leads out of the workspace");
    }
    return place;
  }

  /// A target, or several: `//app:image`, `//app:all`, `//...`. Not looked for until something is
  /// asked of it.
  public Target target(String pattern) {
    return new Target(this, pattern);
  }

  /// The action of a target that has just one.
  public TargetAction action(String label) {
    return new TargetAction(this, label, "");
  }

  /// One of a target's actions.
  ///
  /// @param which what it does, such as `layout`, or the path of one of its outputs, or the end of
  ///   that; see `athanor query --actions`
  public TargetAction action(String label, String which) {
    return new TargetAction(this, label, which);
  }

  /// Builds a target, or several.
  ///
  /// @throws BuildFailed when that does not succeed
  public synchronized Build build(String pattern) {
    return builder().build(pattern);
  }

  /// What can be varied here when commands run again. A test that needs a factor, and is to be
  /// skipped on machines that cannot vary it, begins with
  /// `assumeTrue(athanor.varies().contains(TIME))`.
  public synchronized Set<Factor> varies() {
    return builder().varies();
  }

  /// What the sandbox is called that commands run in.
  public synchronized String sandboxName() {
    return builder().sandboxName();
  }

  synchronized Verification verify(Build build, String what, BitSet actions, Asked asked) {
    Verification verification = builder().verify(build, what, actions, asked);
    verification.notVariedText().ifPresent(text -> notes.accept(what, text));
    return verification;
  }

  synchronized List<Difference> differences(Output here, Output there) {
    return builder().differences(here, there);
  }

  /// Tells somebody what could not be varied.
  void notes(BiConsumer<String, String> to) {
    notes = to;
  }

  private Builder builder() {
    Builder made = builder;
    if (made == null) {
      try {
        made = new Builder(settings);
      } catch (UserException e) {
        throw BuildFailed.of(settings.root().toString(), e);
      }
      builder = made;
    }
    return made;
  }

  @Override
  public synchronized void close() {
    try {
      try {
        if (builder != null) {
          builder.close();
        }
      } finally {
        end.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return root().toString();
  }
}
