package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.athanor.cli.BuildRecord.Done;
import dev.athanor.cli.BuildRecord.End;
import dev.athanor.cli.BuildRecord.Failure;
import dev.athanor.cli.BuildRecord.Remote;
import dev.athanor.cli.BuildRecord.State;
import dev.athanor.cli.BuildRecord.Step;
import dev.athanor.engine.UserException;
import dev.athanor.engine.history.BuildId;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BuildRecordTest {
  private static final BuildRecord FULL =
      new BuildRecord(
          "0123456789abcdef",
          new BuildId(1_700_000_000_123L, -7),
          "build //app:image",
          "linux/amd64",
          1_700_000_000_123L,
          250,
          98_765,
          8,
          "namespaces",
          End.FAILED,
          "ended early",
          Optional.of(new BuildId(1_700_000_000_122L, 9)),
          "plan\u0000\u00ff",
          new Remote(3, 4, 5L << 33),
          List.of("something", "else"),
          List.of(
              new Done(0, State.EXECUTED, 300, 4000, 1),
              new Done(70_000, State.FAILED, 4000, 98_000, 3),
              new Done(70_001, State.SKIPPED, 0, 98_000, 0)),
          List.of(new Step(0, "remotely", 310)),
          List.of(new Failure(70_000, "exit code 1\n| \ud83d\ude00")));

  private FileSystem files;
  private Path folder;

  @BeforeEach
  void open() throws IOException {
    files = Jimfs.newFileSystem(Configuration.unix());
    folder = Files.createDirectories(files.getPath("/cache/workspaces/w"));
  }

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  private UserException readingFails() {
    return assertThrows(UserException.class, () -> BuildRecord.read(folder));
  }

  @Test
  void whatIsSaved_isRead_andReplacesWhatWasThere() throws IOException {
    Path tmp = Files.createDirectories(files.getPath("/cache/tmp"));
    Files.writeString(folder.resolve(BuildRecord.FILE), "older");

    FULL.save(folder, tmp);

    assertThat(BuildRecord.read(folder)).isEqualTo(FULL);
    try (var left = Files.list(tmp)) {
      assertThat(left.toList()).isEmpty();
    }
  }

  @Test
  void everyStateAndEnd_isReadAsItWasWritten() {
    for (State state : State.values()) {
      Done done = new Done(1, state, 2, 3, 1);
      BuildRecord record = with(End.SUCCEEDED, done);
      assertThat(BuildRecord.decode(record.encode()).done()).containsExactly(done);
    }
    for (End end : End.values()) {
      BuildRecord record = with(end, new Done(1, State.EXECUTED, 2, 3, 1));
      assertThat(BuildRecord.decode(record.encode()).end()).isEqualTo(end);
    }
  }

  private static BuildRecord with(End end, Done done) {
    return new BuildRecord(
        "",
        FULL.id(),
        "",
        "",
        0,
        0,
        0,
        1,
        "",
        end,
        "",
        Optional.empty(),
        "",
        Remote.NONE,
        List.of(),
        List.of(done),
        List.of(),
        List.of());
  }

  @Test
  void nothingBuilt_isSaid() {
    assertThat(readingFails()).hasMessageThat().contains("no build is recorded");
  }

  @Test
  void tornFile_isSaid_whereverItEnds() throws IOException {
    byte[] bytes = FULL.encode();
    for (int length = 0; length < bytes.length; length++) {
      Files.write(folder.resolve(BuildRecord.FILE), Arrays.copyOf(bytes, length));
      assertThat(readingFails()).hasMessageThat().contains("is damaged");
    }
  }

  @Test
  void damagedByte_isNoticed_whicheverItIs() throws IOException {
    byte[] bytes = FULL.encode();
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x10;
      Files.write(folder.resolve(BuildRecord.FILE), damaged);
      assertThat(readingFails()).hasMessageThat().contains("is damaged");
    }
  }
}
