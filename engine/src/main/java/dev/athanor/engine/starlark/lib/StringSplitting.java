package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Signature;
import dev.athanor.engine.starlark.value.StarlarkList;
import dev.athanor.engine.starlark.value.StarlarkThread;
import dev.athanor.engine.starlark.value.Strings;
import dev.athanor.engine.starlark.value.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The methods of strings that take them apart.
final class StringSplitting {
  static final Signature SPLIT = Signature.parse("sep=None, maxsplit=-1");

  private StringSplitting() {}

  static Object split(StarlarkThread thread, String s, BoundArguments arguments) throws EvalError {
    int limit = limit(arguments);
    List<String> parts = new ArrayList<>();
    if (!arguments.has("sep")) {
      splitAtSpace(s, limit, parts);
      return list(thread, parts);
    }
    String separator = separator(arguments);
    int from = 0;
    int at = Strings.indexOf(s, separator, 0);
    while (at >= 0 && parts.size() < limit) {
      parts.add(s.substring(from, at));
      from = at + separator.length();
      at = Strings.indexOf(s, separator, from);
    }
    parts.add(s.substring(from));
    return list(thread, parts);
  }

  static Object rsplit(StarlarkThread thread, String s, BoundArguments arguments) throws EvalError {
    int limit = limit(arguments);
    List<String> parts = new ArrayList<>();
    if (!arguments.has("sep")) {
      rsplitAtSpace(s, limit, parts);
    } else {
      String separator = separator(arguments);
      int end = s.length();
      int at = Strings.lastIndexOf(s, separator, end);
      while (at >= 0 && parts.size() < limit) {
        parts.add(s.substring(at + separator.length(), end));
        end = at;
        at = Strings.lastIndexOf(s, separator, end);
      }
      parts.add(s.substring(0, end));
    }
    Collections.reverse(parts);
    return list(thread, parts);
  }

  private static int limit(BoundArguments arguments) throws EvalError {
    int limit = arguments.integer("maxsplit");
    return limit < 0 ? Integer.MAX_VALUE : limit;
  }

  private static String separator(BoundArguments arguments) throws EvalError {
    String separator = arguments.string("sep");
    if (separator.isEmpty()) {
      throw arguments.invalid("sep", "the separator is empty");
    }
    return separator;
  }

  private static void splitAtSpace(String s, int limit, List<String> parts) {
    int at = 0;
    while (true) {
      while (at < s.length() && StringMethods.isSpace(s.charAt(at))) {
        at++;
      }
      if (at == s.length()) {
        return;
      }
      int start = at;
      if (parts.size() == limit) {
        at = s.length();
        while (StringMethods.isSpace(s.charAt(at - 1))) {
          at--;
        }
        parts.add(s.substring(start, at));
        return;
      }
      while (at < s.length() && !StringMethods.isSpace(s.charAt(at))) {
        at++;
      }
      parts.add(s.substring(start, at));
    }
  }

  private static void rsplitAtSpace(String s, int limit, List<String> parts) {
    int at = s.length();
    while (true) {
      while (at > 0 && StringMethods.isSpace(s.charAt(at - 1))) {
        at--;
      }
      if (at == 0) {
        return;
      }
      int end = at;
      if (parts.size() == limit) {
        int start = 0;
        while (StringMethods.isSpace(s.charAt(start))) {
          start++;
        }
        parts.add(s.substring(start, end));
        return;
      }
      while (at > 0 && !StringMethods.isSpace(s.charAt(at - 1))) {
        at--;
      }
      parts.add(s.substring(at, end));
    }
  }

  private static StarlarkList list(StarlarkThread thread, List<String> parts) throws EvalError {
    for (String part : parts) {
      thread.allocate(56 + part.length());
    }
    return StarlarkList.copyOf(thread.mutability(), parts);
  }

  static Object splitlines(StarlarkThread thread, String s, BoundArguments arguments)
      throws EvalError {
    boolean keepEnds = arguments.bool("keepends");
    List<String> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '\n' || c == '\r') {
        int end = i;
        if (c == '\r' && i + 1 < s.length() && s.charAt(i + 1) == '\n') {
          i++;
        }
        lines.add(s.substring(from, keepEnds ? i + 1 : end));
        from = i + 1;
      }
    }
    if (from < s.length()) {
      lines.add(s.substring(from));
    }
    return list(thread, lines);
  }

  static Object partition(StarlarkThread thread, String s, BoundArguments arguments)
      throws EvalError {
    String separator = separator(arguments);
    int at = Strings.indexOf(s, separator, 0);
    return at < 0 ? Tuple.of(s, "", "") : parts(s, at, separator);
  }

  static Object rpartition(StarlarkThread thread, String s, BoundArguments arguments)
      throws EvalError {
    String separator = separator(arguments);
    int at = Strings.lastIndexOf(s, separator, s.length());
    return at < 0 ? Tuple.of("", "", s) : parts(s, at, separator);
  }

  private static Tuple parts(String s, int at, String separator) {
    return Tuple.of(s.substring(0, at), separator, s.substring(at + separator.length()));
  }
}
