package dev.athanor.engine.gc;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import build.bazel.remote.execution.v2.Directory;
import build.bazel.remote.execution.v2.DirectoryNode;
import build.bazel.remote.execution.v2.FileNode;
import build.bazel.remote.execution.v2.OutputDirectory;
import build.bazel.remote.execution.v2.OutputFile;
import build.bazel.remote.execution.v2.Tree;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.engine.action.ActionResult;
import dev.athanor.engine.action.DiskActionCache;
import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.cas.DiskBlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.engine.session.OutputFolder;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import dev.athanor.engine.tree.Trees;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes from a cache in which things were used some days ago.
final class CollectorTest {
  private static final Policy MONTH =
      new Policy(Optional.of(Duration.ofDays(30)), Optional.empty());

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path root = files.getPath("/cache");
  private final CacheLayout layout = new CacheLayout(root);
  private final Instant now = Instant.now();

  @BeforeEach
  void create() throws IOException {
    Files.createDirectories(root);
  }

  /// Nobody holds a lease on the cache while this is done to it.
  private interface Use {
    void with(DiskBlobStore blobs) throws IOException;
  }

  private void use(Use use) throws IOException {
    try (DiskBlobStore blobs = DiskBlobStore.open(root)) {
      use.with(blobs);
    }
  }

  private Digest blob(String text, int daysAgo) throws IOException {
    use(blobs -> blobs.put(text.getBytes(UTF_8)));
    Digest digest = Digester.digest(text.getBytes(UTF_8));
    accessed(digest, daysAgo);
    return digest;
  }

  private void accessed(Digest digest, int daysAgo) throws IOException {
    Files.getFileAttributeView(layout.blob(digest), BasicFileAttributeView.class)
        .setTimes(null, FileTime.from(now.minus(Duration.ofDays(daysAgo))), null);
  }

  private Digest result(String key, int daysAgo, Map<String, Content> outputs) throws IOException {
    Digest digest = Digester.digest(key.getBytes(UTF_8));
    TreeMap<RelativePath, Content> byPath = new TreeMap<>();
    outputs.forEach((path, content) -> byPath.put(RelativePath.of(path), content));
    new DiskActionCache(root)
        .put(digest, new ActionResult(byPath, Set.of(), Digest.EMPTY, Digest.EMPTY, true));
    modified(layout.result(digest), daysAgo);
    return digest;
  }

  private void modified(Path path, int daysAgo) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(now.minus(Duration.ofDays(daysAgo))));
  }

  private Survey survey(Policy policy, Folder... folders) throws IOException {
    return new Collector(layout, List.of(folders), Clock.systemUTC()).survey(policy);
  }

  private Sweep.Outcome sweep(Survey survey) throws IOException {
    try (Sweep sweep = Sweep.of(layout, OutputFolder::delete)) {
      return sweep.run(survey);
    }
  }

  @Test
  void whatWasNotUsedForLong_goes_andNothingElse() throws IOException {
    Digest old = blob("old", 31);
    Digest recent = blob("recent", 29);

    Survey survey = survey(MONTH);
    assertThat(survey.goingBytes()).isEqualTo(old.size());
    Sweep.Outcome outcome = sweep(survey);

    assertThat(outcome.removed()).isEqualTo(1);
    assertThat(Files.exists(layout.blob(old))).isFalse();
    assertThat(Files.exists(layout.blob(recent))).isTrue();
    assertThat(Inventory.entries(layout.trash())).isEmpty();
  }

  @Test
  void surveyAlone_changesNothing() throws IOException {
    Digest old = blob("old", 31);
    FileTime before =
        Files.readAttributes(layout.blob(old), BasicFileAttributes.class).lastAccessTime();

    var _ = survey(MONTH);

    assertThat(Files.readAttributes(layout.blob(old), BasicFileAttributes.class).lastAccessTime())
        .isEqualTo(before);
  }

  /// A process that runs for long uses a blob once, and a result often.
  @Test
  void blobsOfAResult_areUsedWithIt() throws IOException {
    Digest file = blob("file", 90);
    Digest inTree = blob("in a tree", 90);
    InputRoot tree = InputRoot.of(Map.of(RelativePath.of("a/b"), new Content.File(inTree, false)));
    use(tree::store);
    for (byte[] directory : tree.directories()) {
      accessed(Digester.digest(directory), 90);
    }
    var _ =
        result(
            "key",
            2,
            Map.of("f", new Content.File(file, false), "t", new Content.Tree(tree.digest())));

    Survey survey = survey(MONTH);
    var _ = sweep(survey);

    assertThat(Files.exists(layout.blob(file))).isTrue();
    assertThat(Files.exists(layout.blob(inTree))).isTrue();
    assertThat(Files.exists(layout.blob(tree.digest()))).isTrue();
  }

  /// What other clients make: directories in their own form, and paths that we would not take.
  @Test
  void blobsOfAForeignResult_areUsedWithIt() throws IOException {
    Digest file = blob("file", 90);
    Digest printed = blob("printed", 90);
    Digest inTree = blob("in a tree", 90);
    Digest inChild = blob("in its child", 90);
    Tree tree =
        Tree.newBuilder().setRoot(directory(inTree)).addChildren(directory(inChild)).build();
    use(blobs -> blobs.put(tree.toByteArray()));
    Digest message = Digester.digest(tree.toByteArray());
    accessed(message, 90);
    Path place = layout.result(Digester.digest("key".getBytes(UTF_8)));
    Files.createDirectories(place.getParent());
    Files.write(
        place,
        build.bazel.remote.execution.v2.ActionResult.newBuilder()
            .addOutputFiles(OutputFile.newBuilder().setPath("../odd").setDigest(Trees.wire(file)))
            .addOutputDirectories(
                OutputDirectory.newBuilder().setPath("t").setTreeDigest(Trees.wire(message)))
            .setStdoutDigest(Trees.wire(printed))
            .build()
            .toByteArray());

    var _ = sweep(survey(MONTH));

    for (Digest used : List.of(file, printed, message, inTree, inChild)) {
      assertThat(Files.exists(layout.blob(used))).isTrue();
    }
  }

  /// Whoever may write results may name anything as a tree.
  @Test
  void whatIsTooLargeForATree_isNotRead(@TempDir Path temp) throws IOException {
    CacheLayout real = new CacheLayout(temp);
    Digest huge = new Digest(Digester.digest(new byte[1]).hash(), 3L << 30);
    Files.createDirectories(real.blob(huge).getParent());
    try (RandomAccessFile file = new RandomAccessFile(real.blob(huge).toFile(), "rw")) {
      file.setLength(huge.size());
    }
    Path place = real.result(Digester.digest("key".getBytes(UTF_8)));
    Files.createDirectories(place.getParent());
    Files.write(
        place,
        build.bazel.remote.execution.v2.ActionResult.newBuilder()
            .addOutputDirectories(OutputDirectory.newBuilder().setTreeDigest(Trees.wire(huge)))
            .build()
            .toByteArray());

    Survey survey = new Collector(real, List.of(), Clock.systemUTC()).survey(MONTH);

    assertThat(survey.kept()).hasSize(2);
  }

  @Test
  void treeOfAnyDepth_isNoFailure() throws IOException {
    Digest inside = blob("inside", 1);
    Directory directory = directory(inside);
    for (int depth = 0; depth < 20_000; depth++) {
      byte[] bytes = directory.toByteArray();
      Digest digest = Digester.digest(bytes);
      Path file = layout.blob(digest);
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
      directory =
          Directory.newBuilder()
              .addDirectories(DirectoryNode.newBuilder().setName("d").setDigest(Trees.wire(digest)))
              .build();
    }
    byte[] bytes = directory.toByteArray();
    use(blobs -> blobs.put(bytes));
    var _ = result("key", 1, Map.of("t", new Content.Tree(Digester.digest(bytes))));

    assertThat(survey(MONTH).kept()).hasSize(20_003);
  }

  private static Directory directory(Digest file) {
    return Directory.newBuilder()
        .addFiles(FileNode.newBuilder().setName("f").setDigest(Trees.wire(file)))
        .build();
  }

  @Test
  void size_takesTheLeastUsedFirst_andResultsBeforeTheirBlobs() throws IOException {
    Digest oldest = blob("x".repeat(1000), 5);
    Digest key = result("key", 5, Map.of("f", new Content.File(oldest, false)));
    Digest newer = blob("y".repeat(1000), 4);
    Digest newest = blob("z".repeat(1000), 3);

    Survey survey = survey(new Policy(Optional.empty(), Optional.of(2500L)));

    assertThat(survey.going().stream().map(going -> going.item().path()).toList())
        .containsExactly(layout.result(key), layout.blob(oldest))
        .inOrder();
    assertThat(survey.kept().stream().map(Item::path).toList())
        .containsExactly(layout.blob(newer), layout.blob(newest));
  }

  @Test
  void whatARunningProcessUsed_stays() throws IOException {
    Digest digest = blob("old", 31);
    Digest unused = blob("unused", 31);
    try (DiskBlobStore running = DiskBlobStore.open(root)) {
      assertThat(running.contains(digest)).isTrue();

      Policy everything = new Policy(Optional.of(Duration.ZERO), Optional.empty());
      Survey survey = survey(everything);
      var _ = sweep(survey);

      assertThat(running.contains(digest)).isTrue();
      assertThat(running.contains(unused)).isFalse();
      assertThat(survey.held()).hasSize(1);
      assertThat(survey.inUseSince()).isPresent();
    }
    var _ = sweep(survey(new Policy(Optional.empty(), Optional.of(0L))));
    assertThat(Files.exists(layout.blob(digest))).isFalse();
  }

  @Test
  void whatIsUsedBetweenSurveyAndSweep_isSpared() throws IOException {
    Digest digest = blob("old", 31);
    Digest key = result("key", 31, Map.of("f", new Content.File(digest, false)));
    Survey survey = survey(MONTH);

    use(blobs -> assertThat(blobs.contains(digest)).isTrue());
    assertThat(new DiskActionCache(root).get(key)).isPresent();

    assertThat(sweep(survey).spared()).isEqualTo(2);
    assertThat(Files.exists(layout.blob(digest))).isTrue();
    assertThat(Files.exists(layout.result(key))).isTrue();
  }

  @Test
  void trashOfAKilledSweep_isPutBack() throws IOException {
    Digest digest = blob("precious", 1);
    Files.createDirectories(layout.trash());
    Files.move(layout.blob(digest), layout.trashed(digest));
    use(blobs -> assertThat(new String(blobs.read(digest), UTF_8)).isEqualTo("precious"));

    var _ = sweep(survey(MONTH));

    assertThat(Files.exists(layout.blob(digest))).isTrue();
    assertThat(Inventory.entries(layout.trash())).isEmpty();
  }

  @Test
  void foldersBesides_goByTheirTimes() throws IOException {
    Path roots = Files.createDirectories(root.resolve("roots"));
    for (String name : List.of("old", "recent")) {
      Files.createDirectories(roots.resolve(name).resolve("content"));
      Files.writeString(roots.resolve(name).resolve("content/file"), "12345");
    }
    modified(roots.resolve("old"), 40);
    Files.writeString(Files.createDirectories(layout.tmp()).resolve("abandoned"), "x");
    Files.getFileAttributeView(layout.tmp().resolve("abandoned"), BasicFileAttributeView.class)
        .setTimes(DiskBlobStore.SEAL, FileTime.from(now.minus(Duration.ofDays(2))), null);
    Files.writeString(layout.tmp().resolve("being-written"), "x");
    // As every blob is for a moment.
    Files.setLastModifiedTime(layout.tmp().resolve("being-written"), DiskBlobStore.SEAL);

    Survey survey = survey(MONTH, new Folder(Kind.ROOT, roots));
    assertThat(survey.going().stream().map(Survey.Going::reason).toList())
        .containsExactly(Survey.Reason.AGE, Survey.Reason.LEFTOVER);
    assertThat(survey.goingBytes()).isEqualTo(6);
    var _ = sweep(survey);

    assertThat(Files.exists(roots.resolve("old"))).isFalse();
    assertThat(Files.exists(roots.resolve("recent/content/file"))).isTrue();
    assertThat(Inventory.entries(layout.tmp())).hasSize(1);
  }

  /// Whoever shows a directory to a command does not note each time that it is used.
  @Test
  void directoryThatWasUsedAMomentAgo_staysThoughNobodyIsThere() throws IOException {
    Path trees = Files.createDirectories(root.resolve("trees"));
    Files.createDirectories(trees.resolve("recent/content"));
    Files.createDirectories(trees.resolve("older/content"));
    Files.setLastModifiedTime(
        trees.resolve("older"), FileTime.from(now.minus(Duration.ofMinutes(11))));

    Survey survey =
        survey(
            new Policy(Optional.of(Duration.ZERO), Optional.empty()), new Folder(Kind.TREE, trees));
    var _ = sweep(survey);

    assertThat(Files.exists(trees.resolve("recent/content"))).isTrue();
    assertThat(Files.exists(trees.resolve("older"))).isFalse();
  }

  @Test
  void buildsThatCannotBeRead_useNothing() throws IOException {
    Path builds = Files.createDirectories(root.resolve("workspaces/w/builds"));
    Files.writeString(builds.resolve("0123456789abcdef"), "of another version");

    assertThat(survey(MONTH, new Folder(Kind.BUILDS, builds)).kept()).hasSize(1);
  }

  @Test
  void emptyCache_isNoError() throws IOException {
    assertThat(sweep(survey(MONTH)).removed()).isEqualTo(0);
  }

  @Test
  void executableTwin_goesWithItsBlob() throws IOException {
    Digest program = blob("program", 1);
    use(blobs -> assertThat(blobs.file(program, true)).isPresent());
    accessed(program, 40);

    Survey survey = survey(MONTH);
    assertThat(survey.goingBytes()).isEqualTo(2 * program.size());
    var _ = sweep(survey);

    assertThat(Files.exists(layout.executable(program))).isFalse();
  }
}
