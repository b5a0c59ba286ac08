package dev.athanor.sandbox;

import static dev.athanor.sandbox.Program.number;
import static dev.athanor.sandbox.Program.slot;

import dev.athanor.sandbox.Program.Argument;
import dev.athanor.sandbox.Program.Label;
import dev.athanor.sandbox.Program.Slot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// What a [ForkServer] executes. It gives up privileges for all that it starts, and then waits to
/// be woken, and starts a process for the guest in its memory, again and again.
///
/// @param leave where the first process of a guest goes on to start process 1, which goes on in the
///   guest, and to linger. It is here because the guest is overwritten by the next one once process
///   1 has ended, however slow the first process is.
record ForkServerProgram(Program program, Label leave) {
  static final int CLONE_FLAGS =
      Calls.CLONE_VM | Calls.CLONE_PARENT | Calls.CLONE_PARENT_SETTID | Calls.SIGCHLD;

  private static final int POLLIN = 1;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  static final int SECCOMP_SET_MODE_FILTER = 1;

  /// Keeps the processor as fast as without a filter.
  static final int SECCOMP_FILTER_FLAG_SPEC_ALLOW = 4;

  /// @param filter one that lets through what its guests do
  static ForkServerProgram of(ByteBuffer filter) {
    Program program = new Program();
    Calls calls = new Calls(program);
    Label end = new Label();
    calls.closeFrom(Fd.NEXT);
    program.call(Syscall.PRCTL, number(PR_SET_NO_NEW_PRIVS), number(1));
    program.call(
        Syscall.SECCOMP,
        number(SECCOMP_SET_MODE_FILTER),
        number(SECCOMP_FILTER_FLAG_SPEC_ALLOW),
        new Argument.Counted(filter.capacity() / 8, filter));
    serve(program, end);
    Label leave = program.here();
    program
        .call(Syscall.CLONE, number(CLONE_FLAGS), number(0), slot(Slot.CHILD))
        .when(0, Program.guestSecond());
    program.call(Syscall.CLOSE_RANGE, number(Fd.STDIN), number(Fd.STDERR));
    calls.closeFrom(Fd.NEXT);
    calls.dieWithJvm();
    program.call(Syscall.READ, number(Fd.RELEASE), slot(Slot.WAKE), number(8));
    program.place(end);
    calls.exit();
    return new ForkServerProgram(program, leave);
  }

  private static void serve(Program program, Label end) {
    Label loop = program.here();
    ByteBuffer poll = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    poll.putInt(0, Fd.LIFE).putInt(8, Fd.WAKE).putShort(12, (short) POLLIN);
    program
        .call(Syscall.PPOLL, Program.bytes(poll), number(2), number(0), number(0), number(0))
        .onError(loop);
    // Nothing to read: it is the JVM that is gone.
    program.call(Syscall.READ, number(Fd.WAKE), slot(Slot.WAKE), number(8)).onError(end);
    program
        .call(Syscall.CLONE, number(CLONE_FLAGS), number(0), slot(Slot.FIRST))
        .when(0, Program.guestStart());
    program.jump(loop);
  }
}
