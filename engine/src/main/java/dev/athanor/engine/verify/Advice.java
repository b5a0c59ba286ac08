package dev.athanor.engine.verify;

import dev.athanor.engine.exec.Factor;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What a cause means, and what helps, in words for people.
public final class Advice {
  private static final Set<Factor> RACES = Set.of(Factor.PROCESSORS, Factor.THREADS);

  private Advice() {}

  /// What outputs depend on, to be read after "depends on" or as a sentence of its own.
  public static String reason(Cause cause) {
    String factors = names(cause.factors());
    return switch (cause.kind()) {
      case CIRCUMSTANCE -> "depends on " + factors;
      case REPETITION ->
          isRace(cause)
              ? "differs from run to run, and not on one processor: a race"
              : "differs from run to run, by " + factors;
      case CHANCE -> "differs from run to run, whatever is held";
    };
  }

  /// What helps, one sentence for each factor.

  public static List<String> fixes(Cause cause) {
    return cause.factors().isEmpty()
        ? List.of(
            "look for a race between processes or threads, for measured durations, and for numbers"
                + " of files and other things that the system gives out as it likes")
        : cause.factors().stream()
            .map(factor ->
                isRace(cause)
                    ? "do one after the other what writes to the same place, or sort the result"
                    : fix(factor))
            .toList();
  }

  private static boolean isRace(Cause cause) {
    return cause.kind() == Cause.Kind.REPETITION
        && !cause.factors().isEmpty()
        && RACES.containsAll(cause.factors());
  }

  private static String names(Set<Factor> factors) {
    List<String> names = factors.stream().map(Advice::name).toList();
    return names.size() < 2
        ? String.join("", names)
        : names.stream().limit(names.size() - 1L).collect(Collectors.joining(", "))
            + " and "
            + names.getLast()
            + " together";
  }

  /// Of a factor, with its article.
  static String name(Factor factor) {
    return switch (factor) {
      case TIME -> "the time";
      case TIME_ZONE -> "the time zone";
      case LOCALE -> "the locale";
      case HOST_NAME -> "the host name";
      case USER -> "the user and group";
      case HOME -> "$HOME";
      case UMASK -> "the umask";
      case PATH -> "the directory it runs in";
      case ENVIRONMENT_ORDER -> "the order of the environment";
      case EXTRA_VARIABLE -> "variables that it was not given";
      case DIRECTORY_ORDER -> "the order in which directories are read";
      case INPUT_TIMES -> "the times of its inputs";
      case PROCESSORS -> "the number of processors";
      case ADDRESSES -> "addresses in memory";
      case RANDOMNESS -> "random numbers";
      case KERNEL -> "the name of the kernel";
      case PROCESS_IDS -> "process numbers";
      case THREADS -> "the number of threads";
    };
  }

  private static String fix(Factor factor) {
    return switch (factor) {
      case TIME ->
          "let the tool take $SOURCE_DATE_EPOCH for the time, as in tar --mtime=@0, gzip -n,"
              + " gcc -Wno-builtin-macro-redefined -D__DATE__=, jar --date=";
      case TIME_ZONE -> "print and read times in UTC (date -u, TZ=UTC in env)";
      case LOCALE -> "set LC_ALL=C or C.UTF-8 in env, and sort with LC_ALL=C sort";
      case HOST_NAME -> "do not write the host name (uname -n, hostname) into outputs";
      case USER ->
          "write fixed owners, as in tar --owner=0 --group=0 --numeric-owner, and no $USER";
      case HOME -> "set HOME in env, or give the tool the folder that it wants as a flag";
      case UMASK -> "set modes explicitly: umask 022 or chmod before packing, tar --mode=";
      case PATH ->
          "write paths relative to where the command starts, as in gcc -ffile-prefix-map=$PWD=.";
      case ENVIRONMENT_ORDER -> "sort what is read from the environment (env | sort)";
      case EXTRA_VARIABLE -> "read only variables that are meant for the command, not all of env";
      case DIRECTORY_ORDER -> "sort what find, ls -U or a program lists, as in tar --sort=name";
      case INPUT_TIMES ->
          "keep times of inputs out of outputs: tar --mtime=@0, zip -X, touch -d @0 before packing,"
              + " Python's --invalidation-mode=unchecked-hash";
      case PROCESSORS -> "give the tool a fixed number of jobs, or one";
      case ADDRESSES -> "do not print or sort by pointers or identity hash codes; order by content";
      case RANDOMNESS ->
          "give the tool a fixed seed (PYTHONHASHSEED=0, PERL_HASH_SEED=0, gcc -frandom-seed=), and"
              + " no random names or UUIDs into outputs";
      case KERNEL -> "do not write what uname says into outputs";
      case PROCESS_IDS -> "do not write $$ or getpid() into outputs, nor into names of files there";
      case THREADS -> "this is a fault of Athanor: please report it";
    };
  }
}
