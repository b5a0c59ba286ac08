package dev.athanor.sandbox;

import dev.athanor.sandbox.SeccompFilter.Verdict;
import java.nio.ByteBuffer;
import java.util.List;

/// The filter on system calls that every sandboxed process gets: it refuses what no build needs and
/// what would widen the kernel's attack surface most.
///
/// Calls that the kernel itself refuses to everybody without privileges are among the refused where
/// that joins two ranges of numbers into one.
///
/// What is refused can be let through for those who know a number, the *pass*, and make the call
/// with it as a sixth argument, which none of those that make sandboxes has. So the filter can be
/// installed once, in a process that goes on to make sandboxes, and need not be compiled for each
/// command. Whoever knew the pass would still meet the kernel's ordinary checks.
///
/// `ptrace` is allowed: within the process namespace it reaches nothing that the same user does not
/// own anyway, it cannot get round the filter (Linux 4.8), and debuggers and leak checkers need it.
final class Seccomp {
  private static final int REFUSE = SeccompFilter.ERRNO | SyscallException.EPERM;

  /// CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
  private static final int NEW_NAMESPACES = 0x7e020080;

  /// Pushes characters into a terminal as if its user had typed them.
  private static final int TIOCSTI = 0x5412;

  private static final int TIOCLINUX = 0x541c;

  /// A range of refused calls.
  private record Refused(int first, int last) {}

  private static List<Refused> refused(Arch arch) {
    return switch (arch) {
      case X86_64 ->
          List.of(
              new Refused(103, 103), // syslog
              new Refused(153, 155), // vhangup, modify_ldt, pivot_root
              // acct, settimeofday, mount, umount2, swapon, swapoff, reboot, sethostname,
              // setdomainname, iopl, ioperm, create_module, init_module, delete_module,
              // get_kernel_syms, query_module, quotactl, nfsservctl
              new Refused(163, 180),
              new Refused(246, 246), // kexec_load
              new Refused(248, 250), // add_key, request_key, keyctl
              new Refused(272, 272), // unshare
              new Refused(298, 298), // perf_event_open
              new Refused(300, 300), // fanotify_init
              new Refused(304, 305), // open_by_handle_at, clock_adjtime
              new Refused(308, 308), // setns
              new Refused(312, 313), // kcmp, finit_module
              new Refused(320, 321), // kexec_file_load, bpf
              new Refused(323, 323), // userfaultfd
              // io_uring_setup, io_uring_enter, io_uring_register, open_tree, move_mount, fsopen,
              // fsconfig, fsmount, fspick
              new Refused(425, 433),
              new Refused(442, 443), // mount_setattr, quotactl_fd
              new Refused(467, 467)); // open_tree_attr
      case AARCH64 ->
          List.of(
              // umount2, mount, pivot_root, nfsservctl
              new Refused(39, 42),
              new Refused(58, 58), // vhangup
              new Refused(60, 60), // quotactl
              new Refused(89, 89), // acct
              new Refused(97, 97), // unshare
              new Refused(104, 106), // kexec_load, init_module, delete_module
              new Refused(116, 116), // syslog
              new Refused(142, 142), // reboot
              new Refused(170, 170), // settimeofday
              new Refused(217, 219), // add_key, request_key, keyctl
              new Refused(224, 225), // swapon, swapoff
              new Refused(241, 241), // perf_event_open
              new Refused(262, 262), // fanotify_init
              new Refused(265, 266), // open_by_handle_at, clock_adjtime
              new Refused(268, 268), // setns
              new Refused(272, 273), // kcmp, finit_module
              new Refused(280, 280), // bpf
              new Refused(282, 282), // userfaultfd
              new Refused(294, 294), // kexec_file_load
              new Refused(425, 433), // as above
              new Refused(442, 443),
              new Refused(467, 467));
    };
  }

  private Seccomp() {}

  /// A filter without a pass.
  static ByteBuffer filter(Arch arch) {
    return filter(arch, new Verdict.Return(REFUSE));
  }

  /// A filter that the pass opens.
  static ByteBuffer filter(Arch arch, long pass) {
    return filter(arch, new Verdict.Pass(pass, REFUSE));
  }

  private static ByteBuffer filter(Arch arch, Verdict refusal) {
    SeccompFilter filter = new SeccompFilter(arch);
    for (Refused refused : refused(arch)) {
      filter.put(refused.first, refused.last, refusal);
    }
    filter.put(Syscall.CLONE.number(arch), new Verdict.AnyBit(0, NEW_NAMESPACES, REFUSE));
    filter.put(Syscall.CLONE3.number(arch), new Verdict.Return(SeccompFilter.ABSENT));
    filter.put(
        Syscall.IOCTL.number(arch), new Verdict.OneOf(1, List.of(TIOCSTI, TIOCLINUX), REFUSE));
    return filter.program();
  }
}
