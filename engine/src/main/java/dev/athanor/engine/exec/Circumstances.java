package dev.athanor.engine.exec;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The other values of those [Factor]s that stand in a [Spawn]. Each is a word that an output has
/// for no other reason.
public final class Circumstances {
  /// Those that a spawn can tell, so that any sandbox varies them.
  static final Set<Factor> IN_SPAWN =
      EnumSet.of(Factor.TIME_ZONE, Factor.LOCALE, Factor.HOME, Factor.EXTRA_VARIABLE, Factor.PATH);

  /// In place of where commands start, for whoever says where that is.
  public static final String DIRECTORY = "/somewhere/else-d41";

  /// When the clock begins that runs in place of the real one, for as long as this process lives.
  @SuppressWarnings("TimeInStaticInitializer") // All runs of this process meet the same.
  public static final Instant TIME = apartFrom(Instant.now());

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

  /// How many threads a built-in action gets.
  ///
  /// @param usual in builds
  public static int threads(Set<Factor> varied, int usual) {
    return !varied.contains(Factor.THREADS) ? usual : usual == 1 ? 3 : 1;
  }

  /// What stands there in builds, unless somebody says otherwise.
  private static final Map<String, String> USUAL =
      Map.of("TZ", "UTC", "LANG", "C.UTF-8", "HOME", "/nonexistent");

  private Circumstances() {}

  /// A moment in 2037 that has nothing in common with `now`: another month, day, weekday, hour,
  /// minute and second, in the varied time zone too. What prints only one of them, as `date +%H`
  /// does, would otherwise seem to depend on none. It is before the end of 32 bits.
  static Instant apartFrom(Instant now) {
    ZonedDateTime today = now.atZone(ZoneOffset.UTC);
    int day = 1;
    while (sharesDay(moment(today, day), today)) {
      day++;
    }
    return moment(today, day).toInstant();
  }

  private static ZonedDateTime moment(ZonedDateTime today, int day) {
    return ZonedDateTime.of(
        2037,
        (today.getMonthValue() + 4) % 12 + 1,
        day,
        // So far ahead that neither hour nor minute comes back 5:45 hours later.
        (today.getHour() + 7) % 24,
        (today.getMinute() + 23) % 60,
        (today.getSecond() + 29) % 60,
        0,
        ZoneOffset.UTC);
  }

  /// Whether day or weekday are the same, or would be in the varied time zone.
  private static boolean sharesDay(ZonedDateTime moment, ZonedDateTime today) {
    return Stream.of(moment, moment.plusDays(1))
        .anyMatch(it ->
            it.getDayOfMonth() == today.getDayOfMonth()
                || it.getDayOfWeek() == today.getDayOfWeek());
  }

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
    String set = env.get(name);
    if (set == null || set.equals(USUAL.get(name))) {
      env.put(name, value);
    }
  }
}
