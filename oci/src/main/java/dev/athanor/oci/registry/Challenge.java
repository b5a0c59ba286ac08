package dev.athanor.oci.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a registry wants before it serves: one challenge of a `WWW-Authenticate` header.
record Challenge(String scheme, Map<String, String> parameters) {
  /// One token, then optionally `= value`; commas separate challenges as well as parameters.
  private static final Pattern PART =
      Pattern.compile(
          "\\s*,?\\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)(\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,]+)))?");

  /// All challenges in the headers, in order.
  static List<Challenge> parse(List<String> headers) {
    List<Challenge> challenges = new ArrayList<>();
    for (String header : headers) {
      parse(header, challenges);
    }
    return challenges;
  }

  private static void parse(String header, List<Challenge> challenges) {
    Matcher part = PART.matcher(header);
    int end = 0;
    while (end < header.length() && part.find(end) && part.start() == end) {
      end = part.end();
      String name = part.group(1).toLowerCase(Locale.ROOT);
      if (part.group(2) == null) {
        challenges.add(new Challenge(name, new LinkedHashMap<>()));
      } else if (!challenges.isEmpty()) {
        String quoted = part.group(3);
        String value = quoted == null ? part.group(4) : quoted.replaceAll("\\\\(.)", "$1");
        challenges.getLast().parameters.put(name, value);
      }
    }
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  boolean isBearer() {
    return scheme.equals("bearer") && parameters.containsKey("realm");
  }

  boolean isBasic() {
    return scheme.equals("basic");
  }
}
