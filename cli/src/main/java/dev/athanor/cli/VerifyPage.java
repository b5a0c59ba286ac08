package dev.athanor.cli;

import dev.athanor.engine.diff.Difference;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.verify.Advice;
import dev.athanor.engine.verify.Cause;
import dev.athanor.engine.verify.Verdict;
import dev.athanor.engine.verify.Verified;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What `verify` found, as one page that needs nothing else: what is not deterministic, why and how
/// it differs; and a picture of which action was looked at under what.
final class VerifyPage {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

  private final VerifyReport report;

  private VerifyPage(VerifyReport report) {
    this.report = report;
  }

  static String of(VerifyReport report) {
    VerifyPage page = new VerifyPage(report);
    Map<String, String> parts =
        Map.of(
            "total", Html.text(report.total()),
            "verdict", report.deterministic() && report.built() ? "good" : "bad",
            "findings", page.findings(),
            "matrix", page.matrix());
    // In one go: what is put in may look like a place, too.
    return PLACE
        .matcher(template())
        .replaceAll(
            place -> Matcher.quoteReplacement(Objects.requireNonNull(parts.get(place.group(1)))));
  }

  private static String template() {
    try (InputStream in =
        Objects.requireNonNull(VerifyPage.class.getResourceAsStream("verify.html"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String findings() {
    return report.unstable().stream().map(VerifyPage::finding).collect(Collectors.joining("\n"));
  }

  private static String finding(Verified action) {
    if (!(action.verdict() instanceof Verdict.Unstable(_, _, var causes))) {
      throw new IllegalStateException(action + " is no finding");
    }
    String head =
        Html.element("h2", action.description()) + Html.element("p.output", action.output());
    return "<section id=\"action"
        + action.number()
        + "\">"
        + head
        + causes.stream().map(VerifyPage::cause).collect(Collectors.joining())
        + "</section>";
  }

  private static String cause(Cause cause) {
    return Html.element("h3", Advice.reason(cause))
        + cause.differences().stream().map(VerifyPage::difference).collect(Collectors.joining())
        + Html.raw(
            "ul.fixes",
            Advice.fixes(cause).stream()
                .map(fix -> Html.element("li", fix))
                .collect(Collectors.joining()));
  }

  private static String difference(Difference difference) {
    String where =
        difference.where().stream()
            .map(step -> Html.element("span", step))
            .collect(Collectors.joining(" › "));
    return Html.raw(
        "div.difference",
        Html.raw("p.where", where)
            + Html.raw(
                "div.sides",
                Html.element("pre.before", difference.before())
                    + Html.element("pre.after", difference.after())));
  }

  /// A row for each action, a column for each factor.
  private String matrix() {
    StringBuilder rows = new StringBuilder("<tr><th></th>");
    for (Factor factor : Factor.values()) {
      rows.append(Html.raw("th.factor", Html.element("span", factor.id())));
    }
    rows.append("<th></th></tr>\n");
    report.actions().forEach(action -> rows.append(row(action)).append('\n'));
    return rows.toString();
  }

  private static String row(Verified action) {
    StringBuilder row = new StringBuilder("<tr>");
    boolean found = action.verdict() instanceof Verdict.Unstable;
    String name = Html.text(action.description());
    row.append(
        Html.raw(
            "td.action",
            found ? "<a href=\"#action" + action.number() + "\">" + name + "</a>" : name));
    for (Factor factor : Factor.values()) {
      row.append(cell(action.verdict(), factor));
    }
    row.append(Html.element("td.note", note(action)));
    return row.append("</tr>").toString();
  }

  private static String cell(Verdict verdict, Factor factor) {
    return switch (verdict) {
      case Verdict.Stable(var varied, var not, _) -> cell(factor, varied, not, false);
      case Verdict.Unstable(var varied, var not, var causes) ->
          cell(
              factor,
              varied,
              not,
              causes.stream().anyMatch(cause -> cause.factors().contains(factor)));
      case Verdict.NotVerified _ -> "<td></td>";
    };
  }

  private static String cell(Factor factor, Set<Factor> varied, Set<Factor> not, boolean cause) {
    return cause
        ? "<td class=\"bad\" title=\"depends on it\">✗</td>"
        : varied.contains(factor)
            ? "<td class=\"good\" title=\"varied\">✓</td>"
            : not.contains(factor) ? "<td class=\"open\" title=\"not varied\">?</td>" : "<td></td>";
  }

  private static String note(Verified action) {
    return switch (action.verdict()) {
      case Verdict.Stable(_, _, var known) -> known ? "known" : runs(action);
      case Verdict.Unstable _ -> runs(action);
      case Verdict.NotVerified(var reason, _, _) -> "not verified: " + reason;
    };
  }

  private static String runs(Verified action) {
    return action.runs()
        + (action.runs() == 1 ? " run, " : " runs, ")
        + Console.seconds(action.wall());
  }
}
