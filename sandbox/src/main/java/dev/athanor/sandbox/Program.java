package dev.athanor.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// System calls to make one after another in a fresh process, as data for [Init].
///
/// In memory: a header of [Slot]s, the steps, then what their arguments point to. A step is eleven
/// words: the number of the call, its six arguments, where to store its result, a value, where to
/// go on when the result is that value, and where to go on when it is an error. As results can be
/// stored into arguments of later steps, no registers are needed.
///
/// Two programs can be in one memory: one that stays, and starts at the beginning as any does, and
/// behind it a guest, one after another.
final class Program {
  /// Where every process that executes programs has them in its memory.
  static final long BASE = 0x1000_0000L;

  static final long MAX_SIZE = 0x100_0000L;

  /// Where in the memory guests lie.
  static final long GUEST = 0x4000;

  private static final int HEADER = 128;
  private static final int STEP = 88;
  private static final int WORD = 8;
  private static final int STORE = 7;
  private static final int VALUE = 8;
  private static final int THEN = 9;
  private static final int ON_ERROR = 10;

  /// The words of the header, which the JVM reads afterwards.
  enum Slot {
    /// Address of the step at which the program failed, or 0.
    FAILED_STEP(0),
    /// What the failed step answered: the error number, negative.
    RESULT(8),
    /// The process that the first one left behind, as numbered outside; only its lower half counts.
    CHILD(16),
    /// How the process that was reaped last ended, in the encoding of `wait4`.
    STATUS(24),
    /// Not 0 once the command has ended, so that [#STATUS] is its own.
    ENDED(32),
    /// What the last attempt at executing the command answered: the error number, negative.
    EXEC(40),
    /// Not 0 when no attempt was left.
    NOT_FOUND(48),
    /// For a value that only a later step looks at.
    SCRATCH(56),
    /// The process that a [ForkServer] started to execute the program.
    FIRST(64),
    /// Where processes read what wakes them. Nobody looks at it.
    WAKE(72),
    /// How far the command is that is to be traced, as [Calls] says.
    TRACED(80);

    private final int offset;

    Slot(int offset) {
      this.offset = offset;
    }

    long address() {
      return BASE + offset;
    }
  }

  private final long base;
  private final List<Step> steps = new ArrayList<>();

  /// One that [Init] begins with.
  Program() {
    this(BASE);
  }

  private Program(long base) {
    this.base = base;
  }

  /// One that another program in the same memory goes on with, at [#guestStart].
  static Program guest() {
    return new Program(BASE + GUEST);
  }

  private long next() {
    return base + HEADER + (long) steps.size() * STEP;
  }

  /// Where a guest begins. Its first step is where one process enters, the second is for another,
  /// which it makes.
  static Label guestStart() {
    return guest().here();
  }

  static Label guestSecond() {
    return new Label().at(guestStart().address + STEP);
  }

  /// Appends a call. Its failure ends the program unless the step says otherwise.
  Step call(Syscall call, Argument... arguments) {
    Step step = new Step(next(), call, List.of(arguments));
    steps.add(step);
    return step;
  }

  /// Appends a step that makes no call. Its result is its argument, which another step may have
  /// stored there.
  Step value(long value) {
    Step step = new Step(next(), null, List.of(number(value)));
    steps.add(step);
    return step;
  }

  /// Appends a jump.
  void jump(Label label) {
    value(0).when(0, label);
  }

  /// The place behind all steps so far.
  Label here() {
    return new Label().at(next());
  }

  /// Puts `label` behind all steps so far.
  void place(Label label) {
    label.at(next());
  }

  /// One step; its methods return it for chaining.
  static final class Step {
    private final long address;
    private final @Nullable Syscall call;
    private final List<Argument> arguments;
    private long store;
    private long value;
    private @Nullable Label then;
    private @Nullable Label onError;

    private Step(long address, @Nullable Syscall call, List<Argument> arguments) {
      this.address = address;
      this.call = call;
      this.arguments = new ArrayList<>(arguments);
    }

    /// Stores the result in the header.
    Step store(Slot slot) {
      store = slot.address();
      return this;
    }

    /// Stores the result as an argument of a step, which may stand anywhere.
    Step store(Step step, int argument) {
      store = step.address(1 + argument);
      return this;
    }

    /// Goes on at `label` when the result is `value`.
    Step when(long value, Label label) {
      this.value = value;
      this.then = label;
      return this;
    }

    /// Goes on at `label` when the call fails.
    Step onError(Label label) {
      this.onError = label;
      return this;
    }

    /// Goes on with the step behind when the call fails.
    Step orNot() {
      return onError(new Label().at(address + STEP));
    }

    /// Stores the result as the value that `step` compares its own result with.
    Step storeValue(Step step) {
      store = step.address(VALUE);
      return this;
    }

    /// Makes the address of an argument an argument of a call that writes there.
    Step argument(int index, Argument argument) {
      while (arguments.size() <= index) {
        arguments.add(number(0));
      }
      arguments.set(index, argument);
      return this;
    }

    Argument argumentAddress(int argument) {
      return number(address(1 + argument));
    }

    private long address(int word) {
      return address + (long) word * WORD;
    }

    @Override
    public String toString() {
      String text =
          (call == null ? "value" : call.name().toLowerCase(Locale.ROOT))
              + arguments.stream().map(Argument::text).collect(Collectors.joining(", ", "(", ")"));
      if (then != null) {
        text += " is " + value + " -> " + then;
      }
      return onError == null ? text : text + " else -> " + onError;
    }
  }

  /// A place to go on at.
  static final class Label {
    private long address;

    private Label at(long address) {
      this.address = address;
      return this;
    }

    private long address() {
      if (address == 0) {
        throw new IllegalStateException("a label was never placed");
      }
      return address;
    }

    /// The number of the step, as in the listing of its program.
    @Override
    public String toString() {
      long offset = address - BASE - HEADER;
      return Long.toString((offset < GUEST ? offset : offset - GUEST) / STEP);
    }
  }

  /// What a call is given.
  sealed interface Argument {
    record Word(long value) implements Argument {}

    /// The address of a string.
    record Text(String value) implements Argument {}

    /// The address of some bytes.
    record Bytes(ByteBuffer value) implements Argument {}

    /// The address of an array of the addresses of strings, with a null at its end.
    record Texts(List<String> values) implements Argument {}

    /// The address of a structure that points to bytes: a 16-bit count, then their address.
    record Counted(int count, ByteBuffer value) implements Argument {}

    default String text() {
      return switch (this) {
        case Word(var value) when value >= -100 && value < 4096 -> Long.toString(value);
        case Word(var value) -> "0x" + Long.toHexString(value);
        case Text(var value) -> '"' + value.replace("\n", "\\n") + '"';
        case Bytes(var value) -> "<" + HexFormat.of().formatHex(copy(value)) + ">";
        case Texts(var values) -> values.toString();
        case Counted(var count, _) -> "<" + count + " instructions>";
      };
    }
  }

  static Argument number(long value) {
    return new Argument.Word(value);
  }

  static Argument text(String value) {
    return new Argument.Text(value);
  }

  /// The address of a copy of the whole buffer.
  static Argument bytes(ByteBuffer value) {
    return new Argument.Bytes(value.duplicate().clear());
  }

  private static byte[] copy(ByteBuffer value) {
    byte[] bytes = new byte[value.capacity()];
    value.get(0, bytes);
    return bytes;
  }

  /// The address of a word of the header.
  static Argument slot(Slot slot) {
    return new Argument.Word(slot.address());
  }

  /// The step that a header word names, for messages.
  String step(long address) {
    return steps.stream()
        .filter(step -> step.address == address)
        .findFirst()
        .map(Step::toString)
        .orElse("start");
  }

  /// Lays the program out in `memory`, where nothing is reported yet.
  ///
  /// @param pass for [Seccomp], the sixth argument of all calls that have fewer
  void write(MemorySegment memory, Arch arch, long pass) throws SyscallException {
    Writer writer = new Writer(memory, next() - BASE);
    for (int i = 0; i < HEADER; i += WORD) {
      writer.word(i, 0);
    }
    for (Step step : steps) {
      long at = step.address - BASE;
      writer.word(at, step.call == null ? -1 : step.call.number(arch));
      for (int i = 0; i < 6; i++) {
        long value =
            i < step.arguments.size() ? writer.value(step.arguments.get(i)) : unused(i, pass);
        writer.word(at + (1L + i) * WORD, value);
      }
      writer.word(at + STORE * WORD, step.store);
      writer.word(at + VALUE * WORD, step.value);
      writer.word(at + THEN * WORD, step.then == null ? 0 : step.then.address());
      writer.word(at + ON_ERROR * WORD, step.onError == null ? 0 : step.onError.address());
    }
  }

  private static long unused(int argument, long pass) {
    return argument == 5 ? pass : 0;
  }

  @Override
  public String toString() {
    return Stream.iterate(0, i -> i + 1)
        .limit(steps.size())
        .map(i -> i + " " + steps.get(i) + "\n")
        .collect(Collectors.joining());
  }

  /// Fills the memory: words at given places, and data one behind another after the steps.
  private static final class Writer {
    private static final int E2BIG = 7;

    private final MemorySegment memory;
    private long end;

    Writer(MemorySegment memory, long end) {
      this.memory = memory;
      this.end = end;
    }

    void word(long at, long value) throws SyscallException {
      if (at + WORD > memory.byteSize()) {
        throw new SyscallException("laying a program out", E2BIG);
      }
      memory.set(JAVA_LONG_UNALIGNED, at, value);
    }

    long value(Argument argument) throws SyscallException {
      return switch (argument) {
        case Argument.Word(var value) -> value;
        case Argument.Text(var value) -> text(value);
        case Argument.Bytes(var value) -> data(value, 0);
        case Argument.Texts(var values) -> texts(values);
        case Argument.Counted(var count, var value) -> {
          long address = data(value, 0);
          long at = reserve(2 * WORD);
          word(at, count);
          word(at + WORD, address);
          yield BASE + at;
        }
      };
    }

    private long texts(List<String> values) throws SyscallException {
      long at = reserve((values.size() + 1L) * WORD);
      for (int i = 0; i < values.size(); i++) {
        word(at + (long) i * WORD, text(values.get(i)));
      }
      word(at + (long) values.size() * WORD, 0);
      return BASE + at;
    }

    private long text(String value) throws SyscallException {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      return data(ByteBuffer.wrap(bytes), 1);
    }

    private long data(ByteBuffer value, int zeros) throws SyscallException {
      int length = value.capacity();
      long at = reserve(length + (long) zeros);
      MemorySegment.copy(MemorySegment.ofBuffer(value.duplicate().clear()), 0, memory, at, length);
      memory.asSlice(at + length, zeros).fill((byte) 0);
      return BASE + at;
    }

    /// Room for so many bytes, on a word's boundary.
    private long reserve(long size) throws SyscallException {
      long at = end;
      end += (size + WORD - 1) / WORD * WORD;
      if (end > memory.byteSize()) {
        throw new SyscallException("laying a program out", E2BIG);
      }
      return at;
    }
  }
}
