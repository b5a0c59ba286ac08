package dev.athanor.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.xml.stream.XMLEventFactory;
import javax.xml.stream.XMLEventWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.XMLEvent;

/// An XML document while it is written. Text may be anything: what XML cannot hold is left out.
final class XmlDocument {
  /// What XML 1.0 cannot hold, in whatever spelling, and what colours a terminal.
  private static final String UNPRINTABLE =
      "\\x1b\\[[0-9;]*[A-Za-z]|[^\\x09\\x0a\\x0d\\x20-\\ud7ff\\ue000-\\ufffd\\x{10000}-\\x{10ffff}]";

  private final XMLEventFactory events = XMLEventFactory.newFactory();
  private final XMLEventWriter out;

  private XmlDocument(XMLEventWriter out) {
    this.out = out;
  }

  /// Writes what is between the document's start and its end.
  interface Content {
    void to(XmlDocument out) throws IOException, XMLStreamException;
  }

  static byte[] write(Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      XMLEventWriter writer =
          XMLOutputFactory.newFactory().createXMLEventWriter(bytes, StandardCharsets.UTF_8.name());
      XmlDocument document = new XmlDocument(writer);
      document.add(document.events.createStartDocument("UTF-8", "1.0"));
      content.to(document);
      document.add(document.events.createEndDocument());
      writer.close();
      return bytes.toByteArray();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("what is written is not well-formed", e);
    }
  }

  /// Part of another document.
  void add(XMLEvent event) throws XMLStreamException {
    out.add(event);
  }

  void start(String element) throws XMLStreamException {
    out.add(events.createStartElement("", "", element));
  }

  void end(String element) throws XMLStreamException {
    out.add(events.createEndElement("", "", element));
  }

  void attribute(String name, String value) throws XMLStreamException {
    out.add(events.createAttribute(name, value.replaceAll(UNPRINTABLE, "")));
  }

  void text(String text) throws XMLStreamException {
    out.add(events.createCharacters(text.replaceAll(UNPRINTABLE, "")));
  }

  /// An element with a message and nothing else.
  void message(String element, String message) throws XMLStreamException {
    start(element);
    attribute("message", message);
    end(element);
  }

  /// As attributes have it.
  static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.3f", millis / 1000.0);
  }
}
