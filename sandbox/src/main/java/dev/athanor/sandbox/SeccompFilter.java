package dev.athanor.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A filter on system calls: a program of classic BPF, built as a binary decision over call
/// numbers, so that it is short and every path through it is shorter. The kernel compiles it for
/// each process that installs it, and interprets it once for each call there is.
final class SeccompFilter {
  static final int ALLOW = 0x7fff0000;
  static final int ERRNO = 0x00050000;

  /// As if the kernel did not have the call, upon which C libraries use an older one.
  static final int ABSENT = ERRNO | 38;

  /// Asks the tracer. Without one, the call is absent.
  static final int TRACE = 0x7ff00000;

  // Instructions, from linux/bpf_common.h.
  private static final int LOAD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP_IF_AT_LEAST = 0x35;
  private static final int JUMP_IF_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;

  // Offsets in struct seccomp_data.
  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int ARGUMENTS = 16;
  private static final int LAST_ARGUMENT = 5;

  /// What happens to a call, given its number.
  sealed interface Verdict {
    record Return(int action) implements Verdict {}

    /// `action` without the pass, both halves of it.
    record Pass(long pass, int action) implements Verdict {}

    /// `action` when the lower half of an argument has any of the bits.
    record AnyBit(int argument, int bits, int action) implements Verdict {}

    /// `action` when the lower half of an argument is one of these.
    record OneOf(int argument, List<Integer> values, int action) implements Verdict {
      public OneOf {
        values = List.copyOf(values);
      }
    }
  }

  private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

  private final Arch arch;

  /// The verdict for all numbers from each key up to the next.
  private final TreeMap<Integer, Verdict> ranges =
      new TreeMap<>(Map.of(0, new Verdict.Return(ALLOW)));

  /// One that allows all calls of this convention.
  SeccompFilter(Arch arch) {
    this.arch = arch;
    if (arch == Arch.X86_64) {
      // The x32 convention: the same architecture, other numbers.
      ranges.put(0x40000000, new Verdict.Return(ABSENT));
    }
  }

  void put(int number, Verdict verdict) {
    put(number, number, verdict);
  }

  void put(int first, int last, Verdict verdict) {
    ranges.put(first, verdict);
    ranges.putIfAbsent(last + 1, new Verdict.Return(ALLOW));
  }

  /// A word of eight bytes for each instruction.
  ByteBuffer program() {
    List<Instruction> program = new ArrayList<>();
    program.add(new Instruction(LOAD, 0, 0, ARCHITECTURE));
    // Calls in another convention, such as those of 32-bit programs, have other numbers.
    program.add(new Instruction(JUMP_IF_EQUAL, 1, 0, auditArchitecture(arch)));
    program.add(new Instruction(RETURN, 0, 0, ABSENT));
    program.add(new Instruction(LOAD, 0, 0, NUMBER));
    program.addAll(decide(new ArrayList<>(ranges.entrySet())));
    ByteBuffer bytes = ByteBuffer.allocate(8 * program.size()).order(ByteOrder.nativeOrder());
    for (Instruction it : program) {
      bytes.putShort((short) it.code).put((byte) it.ifTrue).put((byte) it.ifFalse).putInt(it.value);
    }
    return bytes;
  }

  static int auditArchitecture(Arch arch) {
    return switch (arch) {
      case X86_64 -> 0xc000003e;
      case AARCH64 -> 0xc00000b7;
    };
  }

  /// Instructions that find the range of the loaded number and carry out its verdict.
  private static List<Instruction> decide(List<Map.Entry<Integer, Verdict>> ranges) {
    if (ranges.size() == 1) {
      return carryOut(ranges.getFirst().getValue());
    }
    int middle = ranges.size() / 2;
    List<Instruction> lower = decide(ranges.subList(0, middle));
    List<Instruction> upper = decide(ranges.subList(middle, ranges.size()));
    List<Instruction> both = new ArrayList<>();
    both.add(new Instruction(JUMP_IF_AT_LEAST, lower.size(), 0, ranges.get(middle).getKey()));
    both.addAll(lower);
    both.addAll(upper);
    return both;
  }

  private static List<Instruction> carryOut(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Return(var action) -> List.of(new Instruction(RETURN, 0, 0, action));
      case Verdict.Pass(var pass, var action) ->
          List.of(
              load(LAST_ARGUMENT, 0),
              new Instruction(JUMP_IF_EQUAL, 0, 3, (int) pass),
              load(LAST_ARGUMENT, 4),
              new Instruction(JUMP_IF_EQUAL, 0, 1, (int) (pass >>> 32)),
              new Instruction(RETURN, 0, 0, ALLOW),
              new Instruction(RETURN, 0, 0, action));
      case Verdict.AnyBit(var argument, var bits, var action) ->
          List.of(
              load(argument, 0),
              new Instruction(JUMP_IF_ANY_BIT, 0, 1, bits),
              new Instruction(RETURN, 0, 0, action),
              new Instruction(RETURN, 0, 0, ALLOW));
      case Verdict.OneOf(var argument, var values, var action) -> oneOf(argument, values, action);
    };
  }

  private static List<Instruction> oneOf(int argument, List<Integer> values, int action) {
    List<Instruction> all = new ArrayList<>();
    all.add(load(argument, 0));
    for (int i = 0; i < values.size(); i++) {
      all.add(new Instruction(JUMP_IF_EQUAL, values.size() - i, 0, values.get(i)));
    }
    all.add(new Instruction(RETURN, 0, 0, ALLOW));
    all.add(new Instruction(RETURN, 0, 0, action));
    return all;
  }

  private static Instruction load(int argument, int half) {
    return new Instruction(LOAD, 0, 0, ARGUMENTS + 8 * argument + half);
  }
}
