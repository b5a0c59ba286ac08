package dev.athanor.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// The smallest program that can build a sandbox from the inside and then be its process 1: it maps
/// a [Program] and executes that, one system call after another.
///
/// It is a static ELF executable of some 300 bytes which needs no file, no C compiler and no
/// library. Everything that could be a decision is made in Java and is in the program; this is only
/// the loop:
///
/// ```
///   map descriptor 3 at Program.BASE, shared
///   for (step = first; ; step = next) {
///     r = step.number < 0 ? step.a0 : syscall(step.number, step.a0 .. step.a5)
///     if (step.store != 0) *step.store = r
///     if (r is an error)                              next = step.onError, or fail when that is 0
///     else if (step.then != 0 && r == step.value)     next = step.then
///     else                                            next = the one behind
///   }
///   fail: header.step = step; header.result = r; exit(125)
/// ```
///
/// It uses registers only, and no stack. That is why processes may share its memory: a `clone` with
/// `CLONE_VM` costs no copy of page tables.
final class Init implements AutoCloseable {
  /// The exit code of a program that failed at one of its steps.
  static final int FAILED = 125;

  private static final int LOAD_ADDRESS = 0x400000;
  private static final int ELF_HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_EXEC = 0x10;

  private static final String X86_64 =
      """
      b8 09 00 00 00        mov eax, 9               mmap(
      bf 00 00 00 10        mov edi, 0x10000000        Program.BASE,
      be 00 00 00 01        mov esi, 0x1000000         Program.MAX_SIZE,
      ba 03 00 00 00        mov edx, 3                 PROT_READ | PROT_WRITE,
      41 ba 11 00 00 00     mov r10d, 0x11             MAP_SHARED | MAP_FIXED,
      41 b8 03 00 00 00     mov r8d, 3                 3,
      45 31 c9              xor r9d, r9d               0)
      0f 05                 syscall
      bb 80 00 00 10        mov ebx, 0x10000080      the first step stands behind the header
      48 8b 0b              next: mov rcx, [rbx]     number
      48 8b 43 08           mov rax, [rbx+8]         a0
      48 85 c9              test rcx, rcx
      78 1c                 js done
      48 89 c7              mov rdi, rax
      48 89 c8              mov rax, rcx
      48 8b 73 10           mov rsi, [rbx+16]
      48 8b 53 18           mov rdx, [rbx+24]
      4c 8b 53 20           mov r10, [rbx+32]
      4c 8b 43 28           mov r8, [rbx+40]
      4c 8b 4b 30           mov r9, [rbx+48]
      0f 05                 syscall
      48 8b 4b 38           done: mov rcx, [rbx+56]  store
      48 85 c9              test rcx, rcx
      74 03                 jz kept
      48 89 01              mov [rcx], rax
      48 3d 01 f0 ff ff     kept: cmp rax, -4095
      73 15                 jae error
      48 8b 4b 48           mov rcx, [rbx+72]        then
      48 85 c9              test rcx, rcx
      74 06                 jz behind
      48 3b 43 40           cmp rax, [rbx+64]        value
      74 0f                 je jump
      48 83 c3 58           behind: add rbx, 88
      eb af                 jmp next
      48 8b 4b 50           error: mov rcx, [rbx+80] onError
      48 85 c9              test rcx, rcx
      74 05                 jz fail
      48 89 cb              jump: mov rbx, rcx
      eb a1                 jmp next
      b9 00 00 00 10        fail: mov ecx, 0x10000000
      48 89 19              mov [rcx], rbx           header.step
      48 89 41 08           mov [rcx+8], rax         header.result
      b8 e7 00 00 00        mov eax, 231             exit_group(
      bf 7d 00 00 00        mov edi, 125               FAILED)
      0f 05                 syscall
      """;

  private static final String AARCH64 =
      """
      c8 1b 80 d2  mov x8, 222                 mmap(
      00 00 a2 d2  mov x0, 0x10000000            Program.BASE,
      01 20 a0 d2  mov x1, 0x1000000             Program.MAX_SIZE,
      62 00 80 d2  mov x2, 3                     PROT_READ | PROT_WRITE,
      23 02 80 d2  mov x3, 0x11                  MAP_SHARED | MAP_FIXED,
      64 00 80 d2  mov x4, 3                     3,
      05 00 80 d2  mov x5, 0                     0)
      01 00 00 d4  svc 0
      13 00 a2 d2  mov x19, 0x10000000
      73 02 02 91  add x19, x19, 0x80          the first step stands behind the header
      68 02 40 a9  next: ldp x8, x0, [x19]     number, a0
      a8 00 f8 b7  tbnz x8, 63, done
      61 0a 41 a9  ldp x1, x2, [x19, 16]
      63 12 42 a9  ldp x3, x4, [x19, 32]
      65 1a 40 f9  ldr x5, [x19, 48]
      01 00 00 d4  svc 0
      69 1e 40 f9  done: ldr x9, [x19, 56]     store
      49 00 00 b4  cbz x9, kept
      20 01 00 f9  str x0, [x9]
      1f fc 3f b1  kept: cmn x0, 4095          carries from -4095 on, unsigned
      e2 00 00 54  b.hs error
      69 2a 44 a9  ldp x9, x10, [x19, 64]      value, then
      6a 00 00 b4  cbz x10, behind
      1f 00 09 eb  cmp x0, x9
      a0 00 00 54  b.eq jump
      73 62 01 91  behind: add x19, x19, 88
      f0 ff ff 17  b next
      6a 2a 40 f9  error: ldr x10, [x19, 80]   onError
      6a 00 00 b4  cbz x10, fail
      f3 03 0a aa  jump: mov x19, x10
      ec ff ff 17  b next
      09 00 a2 d2  fail: mov x9, 0x10000000
      33 01 00 a9  stp x19, x0, [x9]           header.step, header.result
      c8 0b 80 d2  mov x8, 94                  exit_group(
      a0 0f 80 d2  mov x0, 125                   FAILED)
      01 00 00 d4  svc 0
      """;

  private final int fd;

  private Init(int fd) {
    this.fd = fd;
  }

  /// Makes the executable for this host, in memory. It is there until it is closed.
  ///
  /// @throws IOException when the kernel runs nothing from memory
  static Init create(Arch arch) throws IOException {
    byte[] image = elf(arch);
    int writable;
    try {
      writable = Libc.memfd("athanor-init", MFD_CLOEXEC | MFD_EXEC);
    } catch (SyscallException e) {
      // Kernels before 6.3 do not know the second flag; there everything in memory is executable.
      writable = Libc.memfd("athanor-init", MFD_CLOEXEC);
    }
    try {
      Files.write(Path.of("/proc/self/fd/" + writable), image);
      // A file cannot be executed while it is open for writing.
      return new Init(Libc.open("/proc/self/fd/" + writable, Libc.O_RDONLY));
    } finally {
      Libc.close(writable);
    }
  }

  /// For `posix_spawn`: names a descriptor, so that it also works in the child of this process.
  String path() {
    return "/proc/self/fd/" + fd;
  }

  @Override
  public void close() {
    Libc.close(fd);
  }

  static byte[] elf(Arch arch) {
    byte[] code = code(arch);
    int size = ELF_HEADER + 2 * PROGRAM_HEADER + code.length;
    ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    // e_ident: 64 bit, little endian, version 1
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    elf.putShort((short) 2); // e_type: ET_EXEC
    elf.putShort((short) machine(arch));
    elf.putInt(1); // e_version
    elf.putLong(LOAD_ADDRESS + ELF_HEADER + 2 * PROGRAM_HEADER); // e_entry
    elf.putLong(ELF_HEADER); // e_phoff
    elf.putLong(0).putInt(0); // e_shoff, e_flags
    elf.putShort((short) ELF_HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 2);
    elf.putShort((short) 64).putShort((short) 0).putShort((short) 0); // no sections
    // PT_LOAD, readable and executable: the whole file
    elf.putInt(1).putInt(5).putLong(0).putLong(LOAD_ADDRESS).putLong(LOAD_ADDRESS);
    elf.putLong(size).putLong(size).putLong(0x10000);
    // PT_GNU_STACK, readable and writable: no executable stack
    elf.putInt(0x6474e551).putInt(6).putLong(0).putLong(0).putLong(0);
    elf.putLong(0).putLong(0).putLong(16);
    return elf.put(code).array();
  }

  private static int machine(Arch arch) {
    return switch (arch) {
      case X86_64 -> 62;
      case AARCH64 -> 183;
    };
  }

  private static byte[] code(Arch arch) {
    return switch (arch) {
      case X86_64 -> parse(X86_64);
      case AARCH64 -> parse(AARCH64);
    };
  }

  /// The bytes of a listing: on each line the hexadecimal pairs before the first wide gap.
  private static byte[] parse(String listing) {
    StringBuilder hex = new StringBuilder();
    listing.lines().forEach(line -> hex.append(line.substring(0, line.indexOf("  "))));
    return HexFormat.of().parseHex(hex.toString().replace(" ", ""));
  }
}
