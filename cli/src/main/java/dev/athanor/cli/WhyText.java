package dev.athanor.cli;

import dev.athanor.engine.history.SavedBuild;
import dev.athanor.engine.session.Why;
import dev.athanor.engine.why.Cause;
import dev.athanor.engine.why.Explanation;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Prints an answer to `why` for people: a tree that ends in the files and flags at fault. What
/// several branches have in common is printed once.
final class WhyText {
  /// How many causes of one action are listed.
  private static final int MANY = 20;

  private static final int WIDTH = 100;

  private final PrintStream out;
  private final boolean now;
  private final Set<String> printed = new HashSet<>();

  private WhyText(PrintStream out, boolean now) {
    this.out = out;
    this.now = now;
  }

  static void print(Why.Answer answer, PrintStream out) {
    WhyText text = new WhyText(out, answer.until().isEmpty());
    out.println(heading(answer));
    for (Explanation explanation : answer.explanations()) {
      if (explanation.verdict() != Explanation.Verdict.UP_TO_DATE) {
        text.explanation(explanation, "  ", "");
      }
    }
  }

  private static String heading(Why.Answer answer) {
    String since = answer.since().map(WhyText::build).orElse("");
    if (!answer.anything()) {
      return answer.label() + " is what it was in " + since + ": nothing to run";
    }
    return answer
        .until()
        .map(until -> answer.label() + " in " + build(until) + ", compared with " + since + ":")
        .orElse(answer.label() + " as it is now, compared with " + since + ":");
  }

  private static String build(SavedBuild build) {
    return "build " + build.id() + " (" + build.request() + ", " + WhyCommand.ago(build) + ")";
  }

  private void explanation(Explanation it, String indent, String lead) {
    boolean again = !printed.add(it.output());
    String verdict = verdict(it) + (again ? ", see above" : it.causes().isEmpty() ? "" : ":");
    out.println(indent + lead + it.action() + " " + verdict);
    if (again) {
      return;
    }
    List<Cause> causes = it.causes();
    causes.stream().limit(MANY).forEach(cause -> cause(cause, indent + "  "));
    if (causes.size() > MANY) {
      out.println(indent + "  and " + (causes.size() - MANY) + " more; --json has them all");
    }
  }

  private static String verdict(Explanation it) {
    return switch (it.verdict()) {
      case RAN -> "ran";
      case CACHED -> "was looked up, and its result was in the cache";
      case UP_TO_DATE -> "is up to date";
      case UNFINISHED -> "failed, or was not brought to its end";
      case OUTDATED -> "is out of date";
    };
  }

  private void cause(Cause cause, String indent) {
    switch (cause) {
      case Cause.Source(var path, var change) ->
          out.println(indent + "source " + path + " " + became(change));
      case Cause.Input(var path, var change, var maker) -> {
        out.println(indent + "input " + path + " " + became(change));
        maker
            .filter(made -> made.verdict() != Explanation.Verdict.UP_TO_DATE)
            .ifPresent(made -> explanation(made, indent + "  ", "made by "));
      }
      case Cause.Part(var part, var name, var before, var after) ->
          part((part + " " + name).strip(), before, after, indent);
      case Cause.Declaration(var files, var flags) -> {
        files.forEach(file -> out.println(indent + "because " + file + " changed"));
        flags.forEach(flag -> out.println(indent + "because of flags: " + flag));
      }
      case Cause.New() -> out.println(indent + "it was not there before");
      case Cause.Unfinished() ->
          out.println(indent + "it had failed, or was not brought to its end");
      case Cause.Lost() ->
          out.println(indent + "its key is the same, but its result was not in the cache any more");
      case Cause.Uncacheable() -> out.println(indent + "it runs in every build");
    }
  }

  private void part(String name, Optional<String> before, Optional<String> after, String indent) {
    if (before.isEmpty() || after.isEmpty()) {
      String value = after.or(() -> before).map(text -> shown(text, 0)).orElse("");
      String verb = before.isEmpty() ? " was added: " : " was removed: ";
      out.println(indent + name + verb + value);
      return;
    }
    int common = common(before.get(), after.get());
    out.println(indent + name + " changed");
    out.println(indent + "  from " + shown(before.get(), common));
    out.println(indent + "  to   " + shown(after.get(), common));
  }

  private static int common(String a, String b) {
    int i = 0;
    while (i < Math.min(a.length(), b.length()) && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    return i;
  }

  /// On one line, with what surrounds the place `at` when that is far from the start.
  private static String shown(String text, int at) {
    int start = at <= WIDTH / 2 ? 0 : at - WIDTH / 3;
    int end = Math.min(text.length(), start + WIDTH);
    String cut = text.substring(start, end).replace("\n", "\\n");
    return (start > 0 ? "..." : "") + cut + (end < text.length() ? "..." : "");
  }

  private String became(Cause.Change change) {
    return switch (change) {
      case UNKNOWN -> now ? "may change" : "is unknown";
      case ADDED, REMOVED, CHANGED ->
          (change == Cause.Change.CHANGED ? "" : "was ") + change.name().toLowerCase(Locale.ROOT);
    };
  }
}
