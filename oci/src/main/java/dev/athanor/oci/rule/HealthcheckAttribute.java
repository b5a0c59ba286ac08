package dev.athanor.oci.rule;

import dev.athanor.engine.UserException;
import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.model.Healthcheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `healthcheck`: how to see whether a container is well.
final class HealthcheckAttribute {
  private static final String NAME = "healthcheck";

  static final Attribute ATTRIBUTE =
      Attribute.of(
          NAME,
          Attribute.Type.STRING_LIST_MAP,
          "How to see whether a container is well: `cmd`, a program and its arguments, or `shell`, a line for a shell,"
              + " or `none` for no check at all; and `interval`, `timeout` and `start_period`, such as `30s` or `1m30s`,"
              + " and `retries`. All values are lists: `{\"cmd\": [\"/probe\", \"-q\"], \"interval\": [\"30s\"]}`.");

  private static final Set<String> KEYS =
      Set.of("cmd", "shell", "none", "interval", "timeout", "start_period", "retries");

  private static final Pattern TIME =
      Pattern.compile("(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");

  private final RuleContext context;
  private final Map<?, ?> given;

  private HealthcheckAttribute(RuleContext context, Map<?, ?> given) {
    this.context = context;
    this.given = given;
  }

  static Optional<Healthcheck> read(RuleContext context) {
    Object value = context.attributes().values().get(NAME);
    return value instanceof Map<?, ?> given && !given.isEmpty()
        ? Optional.of(new HealthcheckAttribute(context, given).healthcheck())
        : Optional.empty();
  }

  private Healthcheck healthcheck() {
    for (Object key : given.keySet()) {
      if (!KEYS.contains(String.valueOf(key))) {
        throw error("has no '" + key + "'");
      }
    }
    return new Healthcheck(
        test(), time("interval"), time("timeout"), time("start_period"), retries());
  }

  private List<String> test() {
    List<String> ways = KEYS.stream().filter(List.of("cmd", "shell", "none")::contains).toList();
    if (ways.stream().filter(given::containsKey).count() > 1) {
      throw error("has more than one of cmd, shell and none");
    }
    if (given.containsKey("none")) {
      return List.of("NONE");
    }
    if (given.containsKey("shell")) {
      return List.of("CMD-SHELL", one("shell"));
    }
    List<String> words = words("cmd");
    return words.isEmpty() ? List.of() : Stream.concat(Stream.of("CMD"), words.stream()).toList();
  }

  private List<String> words(String key) {
    return given.get(key) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  private String one(String key) {
    List<String> words = words(key);
    if (words.size() != 1) {
      throw error("'" + key + "' takes one word, got " + words.size());
    }
    return words.getFirst();
  }

  private Duration time(String key) {
    if (!given.containsKey(key)) {
      return Duration.ZERO;
    }
    String text = one(key);
    Matcher time = TIME.matcher(text);
    if (text.isEmpty() || !time.matches()) {
      throw error("'" + key + "' is '" + text + "', which is no time such as 30s or 1m30s");
    }
    return Duration.ofHours(part(time, 1))
        .plusMinutes(part(time, 2))
        .plusSeconds(part(time, 3))
        .plusMillis(part(time, 4));
  }

  private static long part(Matcher time, int group) {
    String digits = time.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private int retries() {
    if (!given.containsKey("retries")) {
      return 0;
    }
    String text = one("retries");
    if (!text.matches("[0-9]{1,6}")) {
      throw error("'retries' is '" + text + "', which is no number");
    }
    return Integer.parseInt(text);
  }

  private UserException error(String message) {
    return context.error(
        NAME, message, "for example {\"cmd\": [\"/probe\"], \"interval\": [\"30s\"]}");
  }
}
