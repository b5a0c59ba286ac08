package dev.athanor.cli;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.test.TestInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import javax.xml.stream.XMLEventFactory;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLEventWriter;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.XMLEvent;

/// Results of tests in the XML that JUnit's Ant task began and every CI system reads: what a test
/// wrote of its own cases where it did, else one case for each run.
final class JUnitXml {
  private static final String SUITE = "testsuite";

  /// What XML 1.0 cannot hold, in whatever spelling, and what colours a terminal.
  private static final String UNPRINTABLE =
      "\\x1b\\[[0-9;]*[A-Za-z]|[^\\x09\\x0a\\x0d\\x20-\\ud7ff\\ue000-\\ufffd\\x{10000}-\\x{10ffff}]";

  private final BlobStore blobs;
  private final XMLEventFactory events = XMLEventFactory.newFactory();
  private final XMLEventWriter out;

  private JUnitXml(BlobStore blobs, XMLEventWriter out) {
    this.blobs = blobs;
    this.out = out;
  }

  /// The results of all tests as a document.
  static byte[] of(List<TestResult> results, BlobStore blobs) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      XMLEventWriter writer =
          XMLOutputFactory.newFactory().createXMLEventWriter(bytes, StandardCharsets.UTF_8.name());
      JUnitXml xml = new JUnitXml(blobs, writer);
      xml.out.add(xml.events.createStartDocument("UTF-8", "1.0"));
      xml.start("testsuites");
      for (TestResult result : results) {
        xml.test(result);
      }
      xml.end("testsuites");
      xml.out.add(xml.events.createEndDocument());
      writer.close();
      return bytes.toByteArray();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("what is written is not well-formed", e);
    }
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
    start(SUITE);
    attribute("name", result.label());
    attribute("tests", String.valueOf(runs.size()));
    attribute("failures", String.valueOf(count(result, runs, TestResult.Status.FAILED)));
    attribute("errors", String.valueOf(count(result, runs, TestResult.Status.TIMEOUT)));
    attribute("skipped", String.valueOf(count(result, runs, TestResult.Status.NOT_RUN)));
    attribute("time", seconds(result.wall().toMillis()));
    for (int run : runs) {
      testCase(result, run);
    }
    end(SUITE);
  }

  private static long count(TestResult result, List<Integer> runs, TestResult.Status status) {
    return runs.stream().filter(run -> result.runs().get(run).status() == status).count();
  }

  private void testCase(TestResult result, int index) throws IOException, XMLStreamException {
    TestResult.Run run = result.runs().get(index);
    String name = result.name(index);
    start("testcase");
    attribute("classname", result.label());
    attribute("name", name.isEmpty() ? result.label() : name);
    attribute("time", seconds(run.wall().toMillis()));
    switch (run.status()) {
      case FAILED -> message("failure", run.message());
      case TIMEOUT -> message("error", run.message());
      case NOT_RUN -> {
        start("skipped");
        end("skipped");
      }
      case PASSED, FLAKY -> {}
    }
    String log = run.logText(blobs);
    if (!log.isEmpty()) {
      start("system-out");
      text(log);
      end("system-out");
    }
    end("testcase");
  }

  private void message(String element, String message) throws XMLStreamException {
    start(element);
    attribute("message", message);
    end(element);
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

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.3f", millis / 1000.0);
  }

  private void start(String element) throws XMLStreamException {
    out.add(events.createStartElement("", "", element));
  }

  private void end(String element) throws XMLStreamException {
    out.add(events.createEndElement("", "", element));
  }

  private void attribute(String name, String value) throws XMLStreamException {
    out.add(events.createAttribute(name, value.replaceAll(UNPRINTABLE, "")));
  }

  private void text(String text) throws XMLStreamException {
    out.add(events.createCharacters(text.replaceAll(UNPRINTABLE, "")));
  }
}
