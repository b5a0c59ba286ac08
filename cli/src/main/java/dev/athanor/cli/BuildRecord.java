package dev.athanor.cli;

import dev.athanor.engine.UserException;
import dev.athanor.engine.history.BuildId;
import dev.athanor.engine.journal.RecordReader;
import dev.athanor.engine.journal.RecordWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/// What became of the last build of a workspace: what `report` tells besides what the history
/// knows.
///
/// A build that found everything up to date leaves a few hundred bytes. The plan is in the history;
/// only that of a build which never got there, because it was interrupted, is kept here.
///
/// ```
/// magic · header · plan · notices · what became of each action that was not known to be up to date ·
/// what was said on the way · failures · CRC-32 of it all
/// ```
///
/// @param program which program wrote this; another one may have other plans
/// @param command what was asked for, for people; without flags, which may hold secrets
/// @param began milliseconds since the epoch
/// @param executing when execution began, as all times in [#UNIT]s since the command began
/// @param wall when the build ended
/// @param message why the build did not come to its end; empty when it did
/// @param saved the build in the history that left what this one found; absent when there is none
/// @param plan the bytes of the plan, as Latin-1; empty when the history has it, or there is none
/// @param steps what actions told of themselves while they ran
record BuildRecord(
    String program,
    BuildId id,
    String command,
    String configuration,
    long began,
    int executing,
    int wall,
    int jobs,
    String sandbox,
    End end,
    String message,
    Optional<BuildId> saved,
    String plan,
    Remote remote,
    List<String> notices,
    List<Done> done,
    List<Step> steps,
    List<Failure> failures) {
  /// The name of the file in the folder of what is remembered of a workspace.
  static final String FILE = "record";

  /// Nanoseconds in the unit of times: fine enough for short actions, and an `int` holds two days.
  static final long UNIT = 100_000;

  private static final byte[] MAGIC =
      "athanor build record 1\n".getBytes(StandardCharsets.US_ASCII);

  BuildRecord {
    notices = List.copyOf(notices);
    done = List.copyOf(done);
    steps = List.copyOf(steps);
    failures = List.copyOf(failures);
  }

  /// How a build ended. The code is how the file says it.
  enum End {
    SUCCEEDED(0),
    FAILED(1),
    INTERRUPTED(2),
    /// A file or flag was wrong: nothing ran, or what ran was of no use.
    REFUSED(3),
    /// The machine failed, or we did.
    BROKEN(4);

    private final int code;

    End(int code) {
      this.code = code;
    }

    private static End of(int code) {
      return Arrays.stream(values()).filter(end -> end.code == code).findFirst().orElseThrow();
    }
  }

  /// What became of an action. The code is how the file and the page say it.
  enum State {
    /// Nobody had to look at it.
    UP_TO_DATE(0),
    /// It was looked at, and is what it was.
    UNCHANGED(1),
    /// Its result was in the cache of this machine.
    CACHED(2),
    /// Its result was in the remote cache.
    CACHED_REMOTELY(3),
    EXECUTED(4),
    FAILED(5),
    SKIPPED(6),
    /// The build ended before it did.
    UNFINISHED(7);

    private static final List<State> ALL = List.of(values());

    final int code;

    State(int code) {
      this.code = code;
    }

    private static State of(int code) {
      return ALL.get(code);
    }
  }

  /// @param start zero when it did not run
  /// @param attempts more than one when it failed at first
  record Done(int action, State state, int start, int end, int attempts) {}

  record Step(int action, String what, int at) {}

  /// @param text what people are told: the reason, the end of what it printed, the command
  record Failure(int action, String text) {}

  /// What a remote cache had.
  record Remote(long hits, long misses, long downloadedBytes) {
    static final Remote NONE = new Remote(0, 0, 0);
  }

  byte[] encode() {
    RecordWriter out = new RecordWriter();
    out.putRaw(MAGIC, MAGIC.length);
    out.putString(program).putLong(id.millis()).putLong(id.number());
    out.putString(command).putString(configuration).putLong(began);
    out.putInt(executing).putInt(wall).putInt(jobs).putString(sandbox);
    out.putByte(end.code).putString(message);
    out.putByte(saved.isPresent() ? 1 : 0);
    saved.ifPresent(build -> out.putLong(build.millis()).putLong(build.number()));
    out.putBytes(plan.getBytes(StandardCharsets.ISO_8859_1));
    out.putLong(remote.hits).putLong(remote.misses).putLong(remote.downloadedBytes);
    out.putInt(notices.size());
    notices.forEach(out::putString);
    out.putInt(done.size());
    for (Done each : done) {
      out.putInt(each.action).putByte(each.state.code);
      out.putInt(each.start).putInt(each.end).putInt(each.attempts);
    }
    out.putInt(steps.size());
    steps.forEach(step -> out.putInt(step.action).putString(step.what).putInt(step.at));
    out.putInt(failures.size());
    failures.forEach(failure -> out.putInt(failure.action).putString(failure.text));
    byte[] body = out.toBytes();
    return out.putLong(checksum(body, body.length)).toBytes();
  }

  /// @throws IllegalArgumentException when these are not the bytes of a whole record
  static BuildRecord decode(byte[] bytes) {
    int end = bytes.length - Long.BYTES;
    if (end < MAGIC.length
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        || new RecordReader(bytes, end).getLong() != checksum(bytes, end)) {
      throw new IllegalArgumentException("not a whole record");
    }
    RecordReader in = new RecordReader(bytes, MAGIC.length);
    return new BuildRecord(
        in.getString(),
        id(in),
        in.getString(),
        in.getString(),
        in.getLong(),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getString(),
        End.of(in.getByte()),
        in.getString(),
        in.getByte() == 1 ? Optional.of(id(in)) : Optional.empty(),
        new String(in.getRaw(in.getInt()), StandardCharsets.ISO_8859_1),
        new Remote(in.getLong(), in.getLong(), in.getLong()),
        list(in, RecordReader::getString),
        list(in, BuildRecord::done),
        list(in, it -> new Step(it.getInt(), it.getString(), it.getInt())),
        list(in, it -> new Failure(it.getInt(), it.getString())));
  }

  private static BuildId id(RecordReader in) {
    return new BuildId(in.getLong(), (int) in.getLong());
  }

  private static Done done(RecordReader in) {
    return new Done(in.getInt(), State.of(in.getByte()), in.getInt(), in.getInt(), in.getInt());
  }

  private interface Reading<T> {
    T from(RecordReader in);
  }

  private static <T> List<T> list(RecordReader in, Reading<T> reading) {
    List<T> list = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      list.add(reading.from(in));
    }
    return list;
  }

  private static long checksum(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return crc.getValue();
  }

  /// Puts it in place of the one of the build before; whoever reads meanwhile gets one or the
  /// other.
  ///
  /// @param folder of what is remembered of the workspace
  /// @param tmp a folder for what is not complete, on the same disk
  void save(Path folder, Path tmp) throws IOException {
    Path fresh = tmp.resolve("record-" + id);
    try {
      Files.write(fresh, encode());
      Files.move(
          fresh,
          folder.resolve(FILE),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /// The last build's.
  ///
  /// @throws UserException when there is none, or it cannot be read
  static BuildRecord read(Path folder) throws IOException {
    try {
      return decode(Files.readAllBytes(folder.resolve(FILE)));
    } catch (NoSuchFileException e) {
      throw new UserException(
          "no build is recorded in this workspace", "build something: athanor build //...", e);
    } catch (IllegalArgumentException e) {
      throw new UserException(
          "the record of the last build, " + folder.resolve(FILE) + ", is damaged",
          "build again, which replaces it",
          e);
    }
  }
}
