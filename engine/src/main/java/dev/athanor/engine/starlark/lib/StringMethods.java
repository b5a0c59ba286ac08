package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Indexing;
import dev.athanor.engine.starlark.value.MethodTable;
import dev.athanor.engine.starlark.value.Signature;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkThread;
import dev.athanor.engine.starlark.value.Strings;
import dev.athanor.engine.starlark.value.Tuple;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The methods of strings that do not split them. The elements of a string are UTF-16 units.
final class StringMethods {
  private static final Signature NONE = Signature.positional("");
  private static final Signature FIND = Signature.positional("sub, start=None, end=None");
  private static final Signature CHARS = Signature.positional("chars=None");

  static final MethodTable<String> TABLE = new MethodTable<>();

  static {
    add("capitalize", NONE, (_, s, _) -> StringCase.capitalize(s));
    add("codepoint_ords", NONE, (_, s, _) -> new TextElements(s, true, true));
    add("codepoints", NONE, (_, s, _) -> new TextElements(s, true, false));
    add("count", FIND, StringMethods::count);
    add("elem_ords", NONE, (_, s, _) -> new TextElements(s, false, true));
    add("elems", NONE, (_, s, _) -> new TextElements(s, false, false));
    add("endswith", FIND, (_, s, a) -> affix(s, a, "endswith"));
    add("find", FIND, (_, s, a) -> (long) find(s, a));
    add("format", Signature.positional("*args, **kwargs"), BraceFormat::format);
    add("index", FIND, (_, s, a) -> found(find(s, a)));
    add("isalnum", NONE, (_, s, _) -> all(s, Character::isLetterOrDigit));
    add("isalpha", NONE, (_, s, _) -> all(s, Character::isLetter));
    add("isdigit", NONE, (_, s, _) -> all(s, Character::isDigit));
    add("islower", NONE, (_, s, _) -> StringCase.isLower(s));
    add("isspace", NONE, (_, s, _) -> all(s, StringMethods::isSpace));
    add("istitle", NONE, (_, s, _) -> StringCase.isTitle(s));
    add("isupper", NONE, (_, s, _) -> StringCase.isUpper(s));
    add("join", Signature.positional("strings"), StringMethods::join);
    add("lower", NONE, (_, s, _) -> s.toLowerCase(Locale.ROOT));
    add("lstrip", CHARS, (_, s, a) -> strip(s, a, true, false));
    add("partition", Signature.positional("sep"), StringSplitting::partition);
    add("removeprefix", Signature.positional("prefix"), StringMethods::removePrefix);
    add("removesuffix", Signature.positional("suffix"), StringMethods::removeSuffix);
    add("replace", Signature.positional("old, new, count=-1"), StringMethods::replace);
    add("rfind", FIND, (_, s, a) -> (long) rfind(s, a));
    add("rindex", FIND, (_, s, a) -> found(rfind(s, a)));
    add("rpartition", Signature.positional("sep"), StringSplitting::rpartition);
    add("rsplit", StringSplitting.SPLIT, StringSplitting::rsplit);
    add("rstrip", CHARS, (_, s, a) -> strip(s, a, false, true));
    add("split", StringSplitting.SPLIT, StringSplitting::split);
    add("splitlines", Signature.parse("keepends=False"), StringSplitting::splitlines);
    add("startswith", FIND, (_, s, a) -> affix(s, a, "startswith"));
    add("strip", CHARS, (_, s, a) -> strip(s, a, true, true));
    add("title", NONE, (_, s, _) -> StringCase.title(s));
    add("upper", NONE, (_, s, _) -> s.toUpperCase(Locale.ROOT));
  }

  private StringMethods() {}

  /// Adds a method, and has it count the work and the memory that a long string costs.
  private static void add(String name, Signature signature, MethodTable.Body<String> body) {
    TABLE.add(
        name,
        signature,
        (thread, self, arguments) -> {
          thread.work(self.length() >> 6);
          Object result = body.call(thread, self, arguments);
          if (result instanceof String text) {
            thread.allocate(text.length());
          }
          return result;
        });
  }

  static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  private static boolean all(String s, IntPredicate predicate) {
    return !s.isEmpty() && s.codePoints().allMatch(predicate);
  }

  /// The part of the string that the arguments `start` and `end` select, or null if they cross.
  private static @Nullable String range(String s, BoundArguments arguments) throws EvalError {
    int start = start(s, arguments);
    int end = Indexing.clamp(arguments.find(2), s.length(), s.length());
    return start > end ? null : s.substring(start, end);
  }

  private static int start(String s, BoundArguments arguments) throws EvalError {
    return Indexing.clamp(arguments.find(1), s.length(), 0);
  }

  private static int find(String s, BoundArguments arguments) throws EvalError {
    String range = range(s, arguments);
    int at = range == null ? -1 : Strings.indexOf(range, arguments.string("sub"), 0);
    return at < 0 ? -1 : at + start(s, arguments);
  }

  private static int rfind(String s, BoundArguments arguments) throws EvalError {
    String range = range(s, arguments);
    int at =
        range == null ? -1 : Strings.lastIndexOf(range, arguments.string("sub"), range.length());
    return at < 0 ? -1 : at + start(s, arguments);
  }

  private static Object found(int index) throws EvalError {
    if (index < 0) {
      throw new EvalError("substring not found");
    }
    return (long) index;
  }

  private static Object count(StarlarkThread thread, String s, BoundArguments arguments)
      throws EvalError, InterruptedException {
    String range = range(s, arguments);
    String sub = arguments.string("sub");
    if (range == null) {
      return 0L;
    }
    if (sub.isEmpty()) {
      return range.length() + 1L;
    }
    long count = 0;
    for (int at = Strings.indexOf(range, sub, 0);
        at >= 0;
        at = Strings.indexOf(range, sub, at + sub.length())) {
      thread.step();
      count++;
    }
    return count;
  }

  private static Object affix(String s, BoundArguments arguments, String method) throws EvalError {
    String range = range(s, arguments);
    Object affixes = arguments.at(0);
    for (Object affix : affixes instanceof Tuple tuple ? tuple : Tuple.of(affixes)) {
      if (!(affix instanceof String text)) {
        throw new EvalError(
            method + "() wants a string or a tuple of strings, not '" + Starlark.type(affix) + "'");
      }
      if (range != null
          && (method.equals("startswith") ? range.startsWith(text) : range.endsWith(text))) {
        return true;
      }
    }
    return false;
  }

  private static Object join(StarlarkThread thread, String s, BoundArguments arguments)
      throws EvalError {
    StringBuilder out = new StringBuilder();
    int index = 0;
    for (Object element : Elements.toArray(thread, arguments.at(0))) {
      if (!(element instanceof String text)) {
        throw new EvalError(
            "join() wants strings, but element "
                + index
                + " is of type '"
                + Starlark.type(element)
                + "'");
      }
      thread.allocate((long) out.length() + s.length() + text.length(), 0);
      thread.allocate((long) s.length() + text.length());
      if (index++ > 0) {
        out.append(s);
      }
      out.append(text);
    }
    return out.toString();
  }

  private static Object removePrefix(StarlarkThread thread, String s, BoundArguments arguments)
      throws EvalError {
    String prefix = arguments.string("prefix");
    return s.startsWith(prefix) ? s.substring(prefix.length()) : s;
  }

  private static Object removeSuffix(StarlarkThread thread, String s, BoundArguments arguments)
      throws EvalError {
    String suffix = arguments.string("suffix");
    return s.endsWith(suffix) ? s.substring(0, s.length() - suffix.length()) : s;
  }

  private static Object replace(StarlarkThread thread, String s, BoundArguments arguments)
      throws EvalError, InterruptedException {
    String old = arguments.string("old");
    String replacement = arguments.string("new");
    int remaining = arguments.integer("count");
    StringBuilder out = new StringBuilder();
    int from = 0;
    int at = Strings.indexOf(s, old, 0);
    while (at >= 0 && remaining-- != 0) {
      thread.step();
      thread.allocate((long) at - from + replacement.length());
      out.append(s, from, at).append(replacement);
      from = at + old.length();
      int next = old.isEmpty() ? at + 1 : from;
      at = next > s.length() ? -1 : Strings.indexOf(s, old, next);
    }
    thread.allocate(s.length() - from);
    return out.append(s, from, s.length()).toString();
  }

  private static String strip(String s, BoundArguments arguments, boolean left, boolean right)
      throws EvalError {
    String chars = arguments.has("chars") ? arguments.string("chars") : null;
    IntPredicate strips = chars == null ? StringMethods::isSpace : c -> chars.indexOf(c) >= 0;
    int start = 0;
    int end = s.length();
    while (left && start < end && strips.test(s.codePointAt(start))) {
      start += Character.charCount(s.codePointAt(start));
    }
    while (right && end > start && strips.test(s.codePointBefore(end))) {
      end -= Character.charCount(s.codePointBefore(end));
    }
    return s.substring(start, end);
  }
}
