package dev.athanor.sandbox;

/// The calls to the Linux kernel that this module makes, by their number on each [Arch].
enum Syscall {
  CAPSET(126, 91),
  CHDIR(80, 49),
  CLONE(56, 220),
  CLONE3(435, 435),
  CLOSE(3, 57),
  CLOSE_RANGE(436, 436),
  DUP3(292, 24),
  EVENTFD2(290, 19),
  EXECVE(59, 221),
  EXIT_GROUP(231, 94),
  FCNTL(72, 25),
  FTRUNCATE(77, 46),
  FUTEX(202, 98),
  GETPGID(121, 155),
  GETPID(39, 172),
  IOCTL(16, 29),
  KILL(62, 129),
  LLISTXATTR(195, 12),
  MEMFD_CREATE(319, 279),
  MKDIRAT(258, 34),
  MMAP(9, 222),
  MOUNT(165, 40),
  MOUNT_SETATTR(442, 442),
  MOVE_MOUNT(429, 429),
  MUNMAP(11, 215),
  OPENAT(257, 56),
  OPEN_TREE(428, 428),
  PERSONALITY(135, 92),
  PIDFD_OPEN(434, 434),
  PIDFD_SEND_SIGNAL(424, 424),
  PIPE2(293, 59),
  PIVOT_ROOT(155, 41),
  PPOLL(271, 73),
  PRCTL(157, 167),
  PRLIMIT64(302, 261),
  PROCESS_VM_READV(310, 270),
  PROCESS_VM_WRITEV(311, 271),
  PTRACE(101, 117),
  READ(0, 63),
  RT_SIGPROCMASK(14, 135),
  RT_SIGTIMEDWAIT(128, 137),
  SCHED_SETAFFINITY(203, 122),
  SECCOMP(317, 277),
  SETDOMAINNAME(171, 162),
  SETGROUPS(116, 159),
  SETHOSTNAME(170, 161),
  SETNS(308, 268),
  SETPGID(109, 154),
  SETRESGID(119, 149),
  SETRESUID(117, 147),
  SETSID(112, 157),
  SYMLINKAT(266, 36),
  UMASK(95, 166),
  UMOUNT2(166, 39),
  UNSHARE(272, 97),
  WAIT4(61, 260),
  WAITID(247, 95),
  WRITE(1, 64);

  private final int x86;
  private final int arm;

  Syscall(int x86, int arm) {
    this.x86 = x86;
    this.arm = arm;
  }

  int number(Arch arch) {
    return switch (arch) {
      case X86_64 -> x86;
      case AARCH64 -> arm;
    };
  }
}
