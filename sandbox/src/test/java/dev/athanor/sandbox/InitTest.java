package dev.athanor.sandbox;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static dev.athanor.sandbox.Program.number;
import static dev.athanor.sandbox.Program.slot;
import static dev.athanor.sandbox.Program.text;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.athanor.sandbox.Program.Label;
import dev.athanor.sandbox.Program.Slot;
import dev.athanor.sandbox.Program.Step;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The executable for each processor, run as any other, where need be in an emulator.
final class InitTest {
  private static final int EBADF = 9;
  private static final int NO_DESCRIPTOR = -1;

  @TempDir Path dir;
  private final Program program = new Program();
  private final Arena arena = Arena.ofConfined();
  private MemorySegment memory = MemorySegment.NULL;

  private record Ran(int code, String out) {}

  @BeforeEach
  void create() throws IOException {
    try (FileChannel file =
        FileChannel.open(
            dir.resolve("memory"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      memory = file.map(FileChannel.MapMode.READ_WRITE, 0, Program.MAX_SIZE, arena);
    }
  }

  @AfterEach
  void unmap() {
    arena.close();
  }

  private Ran run(Arch arch) throws IOException, InterruptedException {
    Path init = Files.write(dir.resolve("init"), Init.elf(arch));
    Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwx------"));
    program.write(memory, arch, 0);
    List<String> command =
        new ArrayList<>(
            List.of("/bin/sh", "-c", "exec \"$@\" 3<>\"$0\"", dir.resolve("memory").toString()));
    command.addAll(emulator(arch));
    command.add(init.toString());
    Path out = dir.resolve("out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    return new Ran(process.exitValue(), Files.readString(out));
  }

  /// What runs executables for `arch` on this host. The test is skipped where nothing does, unless
  /// `ATHANOR_REQUIRE_PEERS` says that something must.
  private static List<String> emulator(Arch arch) {
    if (Arch.host().equals(Optional.of(arch))) {
      return List.of();
    }
    String name = "qemu-" + arch.name().toLowerCase(Locale.ROOT) + "-static";
    assumeTrue(
        Stream.of(String.valueOf(System.getenv("PATH")).split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)))
            || System.getenv("ATHANOR_REQUIRE_PEERS") != null,
        name + " is not installed");
    return List.of(name);
  }

  private void exit(int code) {
    program.call(Syscall.EXIT_GROUP, number(code));
  }

  private long header(Slot slot) {
    return memory.get(JAVA_LONG, slot.address() - Program.BASE);
  }

  /// Fails with what happened instead.
  private void assertEnded(Ran ran, int code) {
    assertWithMessage(
            "%s\n%sfailed at %s with %s",
            ran, program, program.step(header(Slot.FAILED_STEP)), header(Slot.RESULT))
        .that(ran.code())
        .isEqualTo(code);
  }

  @ParameterizedTest
  @EnumSource
  void calls_areMade(Arch arch) throws Exception {
    program.call(Syscall.WRITE, number(1), text("hello "), number(6));
    long end = Program.MAX_SIZE - 8;
    memory.setString(end, "there");
    program.call(Syscall.WRITE, number(1), number(Program.BASE + end), number(5));
    exit(7);

    Ran ran = run(arch);

    assertEnded(ran, 7);
    assertThat(ran.out()).isEqualTo("hello there");
    assertThat(header(Slot.FAILED_STEP)).isEqualTo(0);
    assertThat(header(Slot.RESULT)).isEqualTo(0);
  }

  /// With a call that has six of them, and a descriptor that no register holds by chance.
  @ParameterizedTest
  @EnumSource
  void arguments_arriveInTheirPlaces(Arch arch) throws Exception {
    int fd = 9;
    program.call(Syscall.DUP3, number(Fd.PROGRAM), number(fd), number(0));
    program.call(Syscall.CLOSE, number(Fd.PROGRAM));
    int offset = 0x10000;
    memory.setString(offset, "mapped");
    int read = 1;
    int shared = 1;
    Step map =
        program.call(
            Syscall.MMAP,
            number(0),
            number(6),
            number(read),
            number(shared),
            number(fd),
            number(offset));
    map.store(program.call(Syscall.WRITE, number(1), number(0), number(6)), 1);
    exit(0);

    Ran ran = run(arch);

    assertEnded(ran, 0);
    assertThat(ran.out()).isEqualTo("mapped");
  }

  /// Wherever it goes on at the wrong step, it comes to an exit with another code.
  @ParameterizedTest
  @EnumSource
  void results_decideWhereToGoOn(Arch arch) throws Exception {
    Label same = new Label();
    Step value = program.call(Syscall.GETPID);
    Step argument = program.call(Syscall.GETPID);
    Step compare = program.value(1).when(2, same);
    value.storeValue(compare);
    argument.store(compare, 0);
    exit(1);
    program.place(same);

    Label failed = new Label();
    program.call(Syscall.CLOSE, number(NO_DESCRIPTOR)).store(Slot.SCRATCH).onError(failed);
    exit(2);
    program.place(failed);
    program.call(Syscall.CLOSE, number(NO_DESCRIPTOR)).orNot();

    Label smallest = new Label();
    Label largest = new Label();
    Label wrong = new Label();
    program.value(-4096).onError(wrong);
    program.value(Long.MIN_VALUE).onError(wrong);
    program.value(Long.MAX_VALUE).onError(wrong);
    program.value(-4095).when(-4095, wrong).onError(smallest);
    exit(3);
    program.place(smallest);
    program.value(-1).when(-1, wrong).onError(largest);
    exit(4);
    program.place(largest);
    program.value(0);
    program.value(1).when(0, wrong);
    program.value(1L << 32).when(0, wrong);

    Label again = program.here();
    Label twice = new Label();
    Step first = program.value(0).when(1, twice);
    program.value(1).store(first, 0);
    program.jump(again);
    program.place(twice);
    exit(0);
    program.place(wrong);
    exit(5);

    Ran ran = run(arch);

    assertEnded(ran, 0);
    assertThat(header(Slot.SCRATCH)).isEqualTo(-EBADF);
  }

  @ParameterizedTest
  @EnumSource
  void failure_isReported(Arch arch) throws Exception {
    program.call(Syscall.GETPID);
    program.call(Syscall.CLOSE, number(NO_DESCRIPTOR));
    exit(0);

    Ran ran = run(arch);

    assertEnded(ran, Init.FAILED);
    assertThat(program.step(header(Slot.FAILED_STEP))).isEqualTo("close(-1)");
    assertThat(header(Slot.RESULT)).isEqualTo(-EBADF);
  }

  /// With the flags of [Calls#startAndReap]. The emulator does not take those of a [ForkServer].
  @ParameterizedTest
  @EnumSource
  void child_goesOnInTheSameMemory(Arch arch) throws Exception {
    int vfork = 0x4000;
    int flags = Calls.CLONE_VM | vfork | Calls.CLONE_PARENT_SETTID | Calls.SIGCHLD;
    Label child = new Label();
    program.call(Syscall.CLONE, number(flags), number(0), slot(Slot.CHILD)).when(0, child);
    program.call(Syscall.WAIT4, number(-1), slot(Slot.STATUS), number(Calls.WALL));
    exit(0);
    program.place(child);
    program.value(3).store(Slot.SCRATCH);
    exit(6);

    Ran ran = run(arch);

    assertEnded(ran, 0);
    assertThat(header(Slot.CHILD)).isGreaterThan(0L);
    assertThat(header(Slot.STATUS)).isEqualTo(6 << 8);
    assertThat(header(Slot.SCRATCH)).isEqualTo(3);
  }
}
