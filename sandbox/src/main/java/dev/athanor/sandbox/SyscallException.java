package dev.athanor.sandbox;

import java.io.IOException;

/// A call to the kernel or the C library that failed, with its error number.
final class SyscallException extends IOException {
  private static final long serialVersionUID = 1;

  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int ESRCH = 3;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int E2BIG = 7;
  static final int ECHILD = 10;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EFAULT = 14;
  static final int EINVAL = 22;
  static final int ENOSYS = 38;

  private final int errno;

  SyscallException(String call, int errno) {
    super(call + ": " + describe(errno));
    this.errno = errno;
  }

  int errno() {
    return errno;
  }

  /// The errors that people meet when a sandbox cannot be made; others stay numbers.
  private static String describe(int errno) {
    return switch (errno) {
      case EPERM -> "not permitted (EPERM)";
      case ENOENT -> "no such file or directory (ENOENT)";
      case ESRCH -> "no such process (ESRCH)";
      case EINTR -> "interrupted (EINTR)";
      case E2BIG -> "argument list too long (E2BIG)";
      case 9 -> "bad file descriptor (EBADF)";
      case 11 -> "try again (EAGAIN)";
      case 12 -> "out of memory (ENOMEM)";
      case EACCES -> "permission denied (EACCES)";
      case 16 -> "busy (EBUSY)";
      case 17 -> "exists already (EEXIST)";
      case 18 -> "on another device (EXDEV)";
      case 20 -> "not a directory (ENOTDIR)";
      case 21 -> "is a directory (EISDIR)";
      case EINVAL -> "invalid argument (EINVAL)";
      case 24 -> "too many open files (EMFILE)";
      case 26 -> "text file busy (ETXTBSY)";
      case 28 -> "no space left (ENOSPC)";
      case 30 -> "read-only file system (EROFS)";
      case ENOSYS -> "not in this kernel (ENOSYS)";
      case 40 -> "too many symbolic links (ELOOP)";
      default -> "error " + errno;
    };
  }
}
