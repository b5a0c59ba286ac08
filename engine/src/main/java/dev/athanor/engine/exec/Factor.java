package dev.athanor.engine.exec;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Something that an action meets when it runs and that its outputs must not depend on. A run that
/// *varies* a factor meets another value of it than runs of a build do. The other value is always
/// the same, and one that stands out where it gets into an output; so what a run makes depends on
/// which factors it varies, and on nothing else.
public enum Factor {
  /// The wall clock, and the times of files that are made: years from now, and no faster or slower
  /// in one run than in another.
  TIME,
  TIME_ZONE,
  LOCALE,
  HOST_NAME,
  /// The name and the numbers of the user and of his group.
  USER,
  HOME,
  UMASK,
  /// The directory in which a command starts.
  PATH,
  ENVIRONMENT_ORDER,
  /// A variable that nobody asked for.
  EXTRA_VARIABLE,
  /// The order in which a directory lists its entries.
  DIRECTORY_ORDER,
  /// When inputs were last changed.
  INPUT_TIMES,
  /// How many processors a command may use: just one.
  PROCESSORS,
  /// Where a program, its stack and its libraries lie in memory.
  ADDRESSES,
  /// Where random numbers come from, those for the seeds of hash tables too.
  RANDOMNESS,
  /// What `uname` says of the system.
  KERNEL,
  PROCESS_IDS,
  /// How many threads a built-in action uses.
  THREADS;

  /// Those that a sandbox can only vary by following every step of a command, which not every
  /// command bears.
  public static final Set<Factor> FOLLOWED =
      setOf(List.of(TIME, DIRECTORY_ORDER, INPUT_TIMES, RANDOMNESS, KERNEL));

  /// What it is called in flags, files and reports.
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// A set that is listed in the order of declaration.
  public static Set<Factor> setOf(Iterable<Factor> factors) {
    EnumSet<Factor> set = EnumSet.noneOf(Factor.class);
    factors.forEach(set::add);
    return Collections.unmodifiableSet(set);
  }
}
