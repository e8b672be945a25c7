package io.yunfu.channels.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.channels.Unreadable;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// WeChat Pay's XML: one root, one level of elements, text. Whatever else XML can do is refused,
/// since none of it has business here and some of it reads files, asks other hosts, or never ends:
/// document types, entities, attributes, nesting, processing instructions. So is what two readers
/// could read in two ways: an element that stands twice, text beside elements, bytes that are not
/// UTF-8. Source: `channels.md` sections 2.1 and 9 (S1, S2).
final class Xml {
  /// The root of messages.
  static final String MESSAGE = "xml";

  /// The root of what a refund notice hides.
  static final String HIDDEN = "root";

  /// Unit: bytes.
  static final int LONGEST_NOTICE = 64 * 1024;

  private static final int MOST_ELEMENTS = 512;

  private Xml() {}

  /// The elements in their order; values as they stand after unescaping.
  ///
  /// @param root the name that the root must have
  /// @throws Unreadable for all that is not such a message
  static Map<String, String> read(byte[] bytes, String root) {
    String text = utf8(bytes);
    // The parser would find it too; but then nobody has to trust its settings.
    if (text.contains("<!DOCTYPE") || text.contains("<!ENTITY")) {
      throw new Unreadable("the XML declares a document type");
    }
    try {
      XMLStreamReader reader = factory().createXMLStreamReader(new StringReader(text));
      try {
        return read(reader, root);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      throw new Unreadable("it is not XML");
    }
  }

  /// @param fields values without control characters: a parser would change some, and then the
  ///   signature would not fit
  static String write(Map<String, String> fields) {
    var xml = new StringBuilder("<xml>");
    fields.forEach((name, value) ->
        xml.append('<')
            .append(name)
            .append("><![CDATA[")
            .append(value.replace("]]>", "]]]]><![CDATA[>"))
            .append("]]></")
            .append(name)
            .append('>'));
    return xml.append("</xml>").toString();
  }

  private static Map<String, String> read(XMLStreamReader reader, String root)
      throws XMLStreamException {
    Map<String, String> fields = new LinkedHashMap<>();
    var text = new StringBuilder();
    int depth = 0;
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          depth++;
          needPlain(reader);
          if (depth == 1 && !reader.getLocalName().equals(root)) {
            throw new Unreadable("the root of the XML is not " + root);
          }
          if (depth > 2) {
            throw new Unreadable("the XML is nested");
          }
          if (depth == 2) {
            needBlank(text);
          }
          text.setLength(0);
        }
        case XMLStreamConstants.END_ELEMENT -> {
          if (depth == 2) {
            put(fields, reader.getLocalName(), text.toString());
          } else {
            needBlank(text);
          }
          text.setLength(0);
          depth--;
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
            text.append(reader.getText());
        case XMLStreamConstants.COMMENT, XMLStreamConstants.END_DOCUMENT -> {}
        default -> throw new Unreadable("the XML has parts that no message has");
      }
    }
    return fields;
  }

  private static void needPlain(XMLStreamReader reader) {
    if (reader.getAttributeCount() > 0
        || reader.getNamespaceCount() > 0
        || !reader.getPrefix().isEmpty()) {
      throw new Unreadable("the XML has attributes");
    }
  }

  private static void needBlank(StringBuilder text) {
    if (!text.toString().isBlank()) {
      throw new Unreadable("the XML has text beside elements");
    }
  }

  private static void put(Map<String, String> fields, String name, String value) {
    if (fields.put(name, value) != null) {
      throw new Unreadable("the XML has an element twice");
    }
    if (fields.size() > MOST_ELEMENTS) {
      throw new Unreadable("the XML has too many elements");
    }
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    factory.setXMLResolver((_, _, _, _) -> {
      throw new XMLStreamException("nothing outside of a message is read");
    });
    return factory;
  }

  /// Strictly. A mark of the byte order is let pass, as parsers do.
  private static String utf8(byte[] bytes) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new Unreadable("it is not UTF-8");
    }
  }
}
