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
      out.attribute("tests", String.valueOf(report.actions().size()));
      out.attribute("failures", String.valueOf(report.unstable().size()));
      out.attribute("errors", "0");
      out.attribute("skipped", String.valueOf(notVerified(report)));
      for (Verified action : report.actions()) {
        testCase(action, out);
      }
      out.end("testsuite");
      out.end("testsuites");
    });
  }

  private static long notVerified(VerifyReport report) {
    return report.actions().stream()
        .filter(action -> action.verdict() instanceof Verdict.NotVerified)
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
      case Verdict.NotVerified(var reason) -> out.message("skipped", reason);
    }
    out.end("testcase");
  }

  private static List<String> reasons(List<Cause> causes) {
    return causes.stream().map(Advice::reason).toList();
  }
}
