package dev.athanor.engine.exec;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The other values of those [Factor]s that stand in a [Spawn]. Each is a word that an output has
/// for no other reason.
public final class Circumstances {
  /// Those that a spawn can tell, so that any sandbox varies them.
  static final Set<Factor> IN_SPAWN =
      EnumSet.of(Factor.TIME_ZONE, Factor.LOCALE, Factor.HOME, Factor.EXTRA_VARIABLE, Factor.PATH);

  /// In place of where commands start, for whoever says where that is.
  public static final String DIRECTORY = "/somewhere/else-d41";

  /// When the clock begins that runs in place of the real one.
  public static final Instant TIME = Instant.parse("2037-11-09T13:07:11Z");

  /// When all inputs seem to have been changed.
  public static final Instant INPUT_TIME = Instant.parse("1987-03-14T05:09:26Z");

  public static final String HOST_NAME = "elsewhere-h83";
  public static final Spawn.User USER = new Spawn.User(23451, 23452, List.of());

  /// What user and group are called where a sandbox names them.
  public static final String USER_NAME = "somebody-u61";

  public static final int UMASK = 027;

  /// What `uname` says of the kernel.
  public static final String KERNEL_RELEASE = "77.7.7-elsewhere";

  public static final String KERNEL_VERSION = "#77 SMP somewhere else k19";

  /// That of the command, where it would be 2.
  public static final int PROCESS_ID = 97;

  /// By the rules of POSIX, so that no database of time zones is needed: 5:45 hours east.
  public static final String TIME_ZONE = "ELSWT-5:45";

  /// One with dots on capital I, and another order of letters than that of bytes.
  public static final String LOCALE = "tr_TR.UTF-8";

  public static final String HOME = "/home/somebody-else-e29";
  public static final String EXTRA_VARIABLE = "SOMETHING_ELSE_V57";

  /// What stands there in builds, unless somebody says otherwise.
  private static final Map<String, String> USUAL =
      Map.of("TZ", "UTC", "LANG", "C.UTF-8", "HOME", "/nonexistent");

  private Circumstances() {}

  static Spawn change(Spawn spawn, Set<Factor> factors) {
    SortedMap<String, String> env = new TreeMap<>(spawn.env());
    if (factors.contains(Factor.TIME_ZONE)) {
      replace(env, "TZ", TIME_ZONE);
    }
    if (factors.contains(Factor.LOCALE) && !env.containsKey("LC_ALL")) {
      replace(env, "LANG", LOCALE);
    }
    if (factors.contains(Factor.HOME)) {
      replace(env, "HOME", HOME);
    }
    if (factors.contains(Factor.EXTRA_VARIABLE)) {
      env.put(EXTRA_VARIABLE, "something else");
    }
    boolean user = factors.contains(Factor.USER) && spawn.user().uid() != 0;
    return new Spawn(
        spawn.argv(),
        env,
        spawn.directory(),
        spawn.root(),
        spawn.binds(),
        user ? USER : spawn.user(),
        factors.contains(Factor.HOST_NAME) ? HOST_NAME : spawn.hostname(),
        spawn.network(),
        spawn.limits(),
        spawn.stdio(),
        factors);
  }

  private static void replace(SortedMap<String, String> env, String name, String value) {
    if (env.getOrDefault(name, "").equals(USUAL.get(name)) || !env.containsKey(name)) {
      env.put(name, value);
    }
  }
}
