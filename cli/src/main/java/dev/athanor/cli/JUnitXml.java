package dev.athanor.cli;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.test.TestInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.XMLEvent;

/// Results of tests in the XML that JUnit's Ant task began and every CI system reads: what a test
/// wrote of its own cases where it did, else one case for each run.
final class JUnitXml {
  private static final String SUITE = "testsuite";

  private final BlobStore blobs;
  private final XmlDocument out;

  private JUnitXml(BlobStore blobs, XmlDocument out) {
    this.blobs = blobs;
    this.out = out;
  }

  /// The results of all tests as a document.
  static byte[] of(List<TestResult> results, BlobStore blobs) throws IOException {
    return XmlDocument.write(out -> {
      JUnitXml xml = new JUnitXml(blobs, out);
      out.start("testsuites");
      for (TestResult result : results) {
        xml.test(result);
      }
      out.end("testsuites");
    });
  }

  private void test(TestResult result) throws IOException, XMLStreamException {
    List<Integer> untold = new ArrayList<>();
    for (int i = 0; i < result.runs().size(); i++) {
      TestResult.Run run = result.runs().get(i);
      List<XMLEvent> own = own(run);
      for (XMLEvent event : own) {
        out.add(event);
      }
      // A test that dies says nothing of that itself.
      if (own.isEmpty() || (!run.status().passed() && !tellsOfFailure(own))) {
        untold.add(i);
      }
    }
    if (!untold.isEmpty()) {
      suite(result, untold);
    }
  }

  private void suite(TestResult result, List<Integer> runs) throws IOException, XMLStreamException {
    out.start(SUITE);
    out.attribute("name", result.label());
    out.attribute("tests", String.valueOf(runs.size()));
    out.attribute("failures", String.valueOf(count(result, runs, TestResult.Status.FAILED)));
    out.attribute("errors", String.valueOf(count(result, runs, TestResult.Status.TIMEOUT)));
    out.attribute("skipped", String.valueOf(count(result, runs, TestResult.Status.NOT_RUN)));
    out.attribute("time", XmlDocument.seconds(result.wall().toMillis()));
    for (int run : runs) {
      testCase(result, run);
    }
    out.end(SUITE);
  }

  private static long count(TestResult result, List<Integer> runs, TestResult.Status status) {
    return runs.stream().filter(run -> result.runs().get(run).status() == status).count();
  }

  private void testCase(TestResult result, int index) throws IOException, XMLStreamException {
    TestResult.Run run = result.runs().get(index);
    String name = result.name(index);
    out.start("testcase");
    out.attribute("classname", result.label());
    out.attribute("name", name.isEmpty() ? result.label() : name);
    out.attribute("time", XmlDocument.seconds(run.wall().toMillis()));
    switch (run.status()) {
      case FAILED -> out.message("failure", run.message());
      case TIMEOUT -> out.message("error", run.message());
      case NOT_RUN -> {
        out.start("skipped");
        out.end("skipped");
      }
      case PASSED, FLAKY -> {}
    }
    String log = run.logText(blobs);
    if (!log.isEmpty()) {
      out.start("system-out");
      out.text(log);
      out.end("system-out");
    }
    out.end("testcase");
  }

  /// The suites that a run wrote itself; none when it wrote nothing that can be read.
  private List<XMLEvent> own(TestResult.Run run) throws IOException {
    Optional<Digest> file = run.leaf(TestInfo.RESULTS, blobs);
    try {
      return file.isEmpty() ? List.of() : suites(blobs.read(file.get()));
    } catch (XMLStreamException e) {
      return List.of();
    }
  }

  private static List<XMLEvent> suites(byte[] xml) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newFactory();
    // The file comes from who knows where, and shall not make anybody read others.
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    XMLEventReader in = factory.createXMLEventReader(new ByteArrayInputStream(xml));
    List<XMLEvent> suites = new ArrayList<>();
    int depth = 0;
    while (in.hasNext()) {
      XMLEvent event = in.nextEvent();
      if (isSuite(event, true)) {
        depth++;
      }
      if (depth > 0 && !event.isProcessingInstruction()) {
        suites.add(event);
      }
      if (isSuite(event, false)) {
        depth--;
      }
    }
    return suites;
  }

  private static boolean isSuite(XMLEvent event, boolean start) {
    return start
        ? event.isStartElement() && name(event).equals(SUITE)
        : event.isEndElement() && event.asEndElement().getName().getLocalPart().equals(SUITE);
  }

  private static String name(XMLEvent event) {
    return Objects.requireNonNull(event.asStartElement().getName().getLocalPart());
  }

  private static boolean tellsOfFailure(List<XMLEvent> suites) {
    return suites.stream()
        .filter(XMLEvent::isStartElement)
        .map(JUnitXml::name)
        .anyMatch(name -> name.equals("failure") || name.equals("error"));
  }
}
