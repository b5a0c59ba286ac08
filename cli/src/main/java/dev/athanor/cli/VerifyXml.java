package dev.athanor.cli;

import dev.athanor.engine.verify.Advice;
import dev.athanor.engine.verify.Cause;
import dev.athanor.engine.verify.FindingText;
import dev.athanor.engine.verify.Verdict;
import dev.athanor.engine.verify.Verified;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamException;

/// What `verify` found in the XML that CI systems read: a test case for each action, which fails
/// when the action is not deterministic, and is skipped when nobody looked.
final class VerifyXml {
  private VerifyXml() {}

  static byte[] of(VerifyReport report) throws IOException {
    return XmlDocument.write(out -> {
      out.start("testsuites");
      out.start("testsuite");
      out.attribute("name", "athanor verify");
      out.attribute("tests", String.valueOf(report.actions().size() + (report.built() ? 0 : 1)));
      out.attribute("failures", String.valueOf(report.unstable().size()));
      out.attribute("errors", String.valueOf(notVerified(report, true) + (report.built() ? 0 : 1)));
      out.attribute("skipped", String.valueOf(notVerified(report, false)));
      for (Verified action : report.actions()) {
        testCase(action, out);
      }
      if (!report.built()) {
        out.start("testcase");
        out.attribute("classname", "athanor verify");
        out.attribute("name", "build");
        out.message("error", "the build failed: what it did not make was not verified");
        out.end("testcase");
      }
      out.end("testsuite");
      out.end("testsuites");
    });
  }

  private static long notVerified(VerifyReport report, boolean broken) {
    return report.actions().stream()
        .filter(
            action -> action.verdict() instanceof Verdict.NotVerified(_, var is, _) && is == broken)
        .count();
  }

  private static void testCase(Verified action, XmlDocument out) throws XMLStreamException {
    out.start("testcase");
    out.attribute("classname", action.owner().toString());
    out.attribute("name", action.description() + " " + action.output());
    out.attribute("time", XmlDocument.seconds(action.wall().toMillis()));
    switch (action.verdict()) {
      case Verdict.Stable _ -> {}
      case Verdict.Unstable(_, _, var causes) -> {
        out.start("failure");
        out.attribute("type", "not deterministic");
        out.attribute("message", String.join("; ", reasons(causes)));
        List<String> lines = new ArrayList<>();
        causes.forEach(cause -> lines.addAll(FindingText.of(cause)));
        out.text(String.join("\n", lines));
        out.end("failure");
      }
      case Verdict.NotVerified(var reason, var broken, _) ->
          out.message(broken ? "error" : "skipped", reason);
    }
    out.end("testcase");
  }

  private static List<String> reasons(List<Cause> causes) {
    return causes.stream().map(Advice::reason).toList();
  }
}
